"""One GloVe epoch: co-occurrence cells a CPU second, beside the same step written with torch's index_add."""

import time

import numpy as np


def torch_epoch(state, cells, order, *, batch=4096, rate=0.05):
    import torch

    words, contexts = (torch.from_numpy(array.copy()) for array in (state.words, state.contexts))
    left, right = (torch.from_numpy(array.copy()) for array in (state.word_biases, state.context_biases))
    sums = [torch.ones_like(tensor) for tensor in (words, contexts, left, right)]
    rows, columns = (torch.from_numpy(array.astype(np.int64)[order]) for array in (cells.rows, cells.columns))
    logs, weights = (torch.from_numpy(array[order]) for array in (cells.logs, cells.weights))
    for start in range(0, len(order), batch):
        part = slice(start, start + batch)
        i, j = rows[part], columns[part]
        pull = weights[part] * ((words[i] * contexts[j]).sum(1) + left[i] + right[j] - logs[part])
        slopes = (
            (words, i, pull[:, None] * contexts[j]),
            (contexts, j, pull[:, None] * words[i]),
            (left, i, pull),
            (right, j, pull),
        )
        for (table, index, slope), total in zip(slopes, sums, strict=True):
            table.index_add_(0, index, -rate * slope / total[index].sqrt())
            total.index_add_(0, index, slope**2)


def main():
    from embeddings_core.models.runtime import ready_torch
    from embeddings_core.spaces.corpus import count_words, news_texts, split_sentences
    from embeddings_core.training.cooccurrence import cooccurrence
    from embeddings_core.training.glove import cells_of, first_state, run_epoch

    sentences = split_sentences(news_texts())
    words = count_words(sentences, min_count=1)
    cells = cells_of(cooccurrence(sentences, words, window=10), x_max=10.0)
    order = np.random.default_rng(0).permutation(len(cells))
    ready_torch()
    for dimensions in (50, 100):
        state = first_state(len(words), dimensions, seed=0)
        run_epoch(state, cells, order=order[:10], rate=0.05)  # compiles

        def speed(action):
            start = time.process_time()
            action()
            return len(cells) / (time.process_time() - start) / 1e6

        ours = max(
            speed(lambda state=state: run_epoch(state, cells, order=order, rate=0.05)) for _ in range(3)
        )
        other = max(speed(lambda state=state: torch_epoch(state, cells, order)) for _ in range(2))
        print(
            f"{len(cells):,} cells, {len(words):,} words, {dimensions} dimensions: {ours:.2f} million cells "
            f"a CPU second (at least 1), torch {other:.2f}, {ours / other:.1f} ×"
        )


if __name__ == "__main__":
    main()
