"""Sixteen sentences through all layers and the aligned film, warm, beside the bare forward pass; wall
seconds."""

import time


def best(action, times=5):
    action()
    seen = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        seen.append(time.perf_counter() - start)
    return min(seen)


def main():
    import torch

    from embeddings_core.analysis.layer_trajectory import layer_film
    from embeddings_core.analysis.senses import sense_curve
    from embeddings_core.analysis.tokens import token_vectors
    from embeddings_core.models.contextual import contextual_model
    from embeddings_core.models.minilm import minilm_folder

    sentences = [
        f"{start} the bank {end}"
        for start in ("We walked along", "She waited beside", "They met near", "He was thinking of")
        for end in (
            "of the wide river",
            "to deposit some money",
            "that raised its rates",
            "where the reeds grow",
        )
    ]
    model = contextual_model(str(minilm_folder()))  # the usual library

    def bare():
        with torch.inference_mode():
            model.network(
                **model.tokenizer(sentences, return_tensors="pt", padding=True), output_hidden_states=True
            )

    def ours():
        tokens = token_vectors(sentences, word="bank")
        film = layer_film(tokens)
        assert film.frames.shape == (7, 16, 2) and film.method == "umap"
        sense_curve(tokens)

    plain, whole = best(bare), best(ours)
    print(
        f"16 sentences: forward pass {plain:.3f} s; token vectors, film and curve {whole:.3f} s (at most 2 s)"
    )


if __name__ == "__main__":
    main()
