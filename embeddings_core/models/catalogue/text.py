"""Rows of sentence models: texts of any length become one vector, with the prompts of their authors."""

from collections.abc import Callable

from embeddings_core.models.catalogue.places import HUB, HUB_PICKLED, NANO_E5, UNIVERSAL_ENCODER
from embeddings_core.models.e5_q4 import load_packed_e5
from embeddings_core.models.minilm import load_minilm, load_minilm_bfloat16
from embeddings_core.models.sentence_models import (
    load_from_pickled_weights,
    load_plain_encoder,
    load_sentence_model,
    load_universal,
)
from embeddings_core.models.spec import Encoder, ModelSpec, Prompt, Source

NO_PROMPT = Prompt()
E5 = Prompt(query="query: ", passage="passage: ", symmetric="query: ")
BGE = Prompt(query="Represent this sentence for searching relevant passages: ")
TASK = "Given a web search query, retrieve relevant passages that answer the query"  # as both families' authors write it
E5_INSTRUCT = Prompt(query=f"Instruct: {TASK}\nQuery: ")
QWEN = Prompt(query=f"Instruct: {TASK}\nQuery:")
GEMMA = Prompt(
    query="task: search result | query: ",
    passage="title: none | text: ",
    symmetric="task: sentence similarity | query: ",
)
NOMIC = Prompt(query="search_query: ", passage="search_document: ", symmetric="clustering: ")
ARCTIC = Prompt(query="query: ")
JINA = Prompt(query="Query: ", passage="Document: ")
MANY = (512, 256, 128, 64, 32)  # dimensions that several families were trained to be cut to


def _text(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str,
    paper: str, note: str, *, prompt: Prompt = NO_PROMPT, load: Callable[[ModelSpec], Encoder] = load_sentence_model,
    source: Source = HUB, truncates_to: tuple[int, ...] = (), terms: str = "", refused: str = "", estimated: bool = False,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="text", dimensions=dimensions, load=load, checkpoint=checkpoint,
        source=source, megabytes=megabytes, licence=licence, prompt=prompt, paper=paper, note=note, truncates_to=truncates_to,
        terms=terms, refused=refused, estimated=estimated,
    )  # fmt: skip


SBERT_PAPER = "Reimers and Gurevych 2019, Sentence-BERT"
E5_PAPER = "Wang et al. 2022, Text Embeddings by Weakly-Supervised Contrastive Pre-training"
E5_MANY = "Wang et al. 2024, Multilingual E5 Text Embeddings"
BGE_PAPER = "Xiao et al. 2023, C-Pack"
E5_NOTE = 'Every text needs "query: " or "passage: " in front; cosines lie between 0.7 and 1.'
BGE_NOTE = "A query gets an instruction in front, a passage does not."
QWEN_PAPER = "Zhang et al. 2025, Qwen3 Embedding"
NOMIC_PAPER = "Nussbaum et al. 2024, Nomic Embed"
NOMIC_MOE_PAPER = "Nussbaum and Duderstadt 2025, Training Sparse Mixture Of Experts Text Embedding Models"
JINA_5_PAPER = "Jina AI 2026, jina-embeddings-v5-text: Task-Targeted Embedding Distillation"
NOT_COMMERCIAL = "CC BY-NC 4.0 (no commercial use)"
OWN_PROGRAM = "It needs a program of its authors, and no program of a model is run here: "

BUNDLED_TEXT_MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="minilm",
        title="MiniLM (all-MiniLM-L6-v2)",
        family="Sentence-BERT",
        modality="text",
        dimensions=384,
        load=load_minilm,
        checkpoint="sentence-transformers/all-MiniLM-L6-v2",
        bundled=True,
        megabytes=90.9,
        licence="Apache-2.0",
        paper="Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT",
        note="Trained on a billion sentence pairs; reads words, phrases and sentences up to 256 tokens.",
    ),
    ModelSpec(
        id="minilm-bfloat16",
        title="MiniLM in bfloat16",
        family="Sentence-BERT",
        modality="text",
        dimensions=384,
        load=load_minilm_bfloat16,
        checkpoint="sentence-transformers/all-MiniLM-L6-v2",
        bundled=True,
        extra="openvino",
        megabytes=90.9,
        licence="Apache-2.0",
        paper="Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT",
        note="For long lists: three times as fast where the processor has fast bfloat16, cosine 0.999 to MiniLM.",
    ),
    ModelSpec(
        id="e5-small-q4",
        title="E5 small, multilingual (4-bit weights)",
        family="E5",
        modality="text",
        dimensions=384,
        load=load_packed_e5,
        checkpoint="intfloat/multilingual-e5-small",
        bundled=True,
        source=NANO_E5,
        extra="multilingual",
        megabytes=91.2,
        licence="MIT",
        prompt=E5,
        paper=E5_MANY,
        note="One space for 94 languages; its package comes for Linux and for Macs with Apple's processors. "
        "Unrelated texts lie at cosines of 0.7 to 0.9.",
    ),
)

SENTENCE_MODELS: tuple[ModelSpec, ...] = (
    _text("mpnet", "MPNet (all-mpnet-base-v2)", "Sentence-BERT", 768, "sentence-transformers/all-mpnet-base-v2",
         438, "Apache-2.0", SBERT_PAPER, "The larger sister of MiniLM: better, five times slower."),
    _text("multi-qa-mpnet", "MPNet for questions (multi-qa)", "Sentence-BERT", 768,
         "sentence-transformers/multi-qa-mpnet-base-cos-v1", 438, "not stated on its card", SBERT_PAPER,
         "Trained on 215 million pairs of question and answer."),
    _text("multilingual-minilm", "MiniLM, 50 languages", "Sentence-BERT", 384,
         "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 471, "Apache-2.0",
         "Reimers and Gurevych 2020, Making Monolingual Sentence Embeddings Multilingual",
         "The same sentence in two languages lands in one place."),
    _text("e5-small", "E5 small", "E5", 384, "intfloat/e5-small-v2", 133, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("e5-base", "E5 base", "E5", 768, "intfloat/e5-base-v2", 438, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("e5-large", "E5 large", "E5", 1024, "intfloat/e5-large-v2", 1340, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("multilingual-e5-small", "E5 small, 94 languages", "E5", 384, "intfloat/multilingual-e5-small", 471,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _text("multilingual-e5-base", "E5 base, 94 languages", "E5", 768, "intfloat/multilingual-e5-base", 1112,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _text("multilingual-e5-large", "E5 large, 94 languages", "E5", 1024, "intfloat/multilingual-e5-large", 2240,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _text("multilingual-e5-large-instruct", "E5 large with instructions, 94 languages", "E5", 1024,
         "intfloat/multilingual-e5-large-instruct", 1120, "MIT", E5_MANY,
         "A query says in a sentence what is looked for, a passage stands as it is.", prompt=E5_INSTRUCT),
    _text("bge-small", "BGE small", "BGE", 384, "BAAI/bge-small-en-v1.5", 133, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _text("bge-base", "BGE base", "BGE", 768, "BAAI/bge-base-en-v1.5", 438, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _text("bge-large", "BGE large", "BGE", 1024, "BAAI/bge-large-en-v1.5", 1340, "MIT", BGE_PAPER, BGE_NOTE,
         prompt=BGE),
    _text("bge-m3", "BGE M3, 100 languages", "BGE", 1024, "BAAI/bge-m3", 2270, "MIT", "Chen et al. 2024, BGE M3",
         "Reads up to 8,192 tokens; needs no instruction. One vector a text; its word weights and its vectors of single tokens "
         "are rows of their own.",
         load=load_from_pickled_weights, source=HUB_PICKLED),
    _text("embedding-gemma", "EmbeddingGemma", "Gemma", 768, "google/embeddinggemma-300m", 1230, "Gemma Terms of Use",
         "Schechter Vera et al. 2025, EmbeddingGemma", "Made from Gemma 3, trained on more than 100 languages. The hub gives it "
         "to those who are logged in there (hf auth login) and have agreed to its terms.",
         prompt=GEMMA, truncates_to=(512, 256, 128), terms="https://ai.google.dev/gemma/terms", estimated=True),
    _text("qwen3-embedding", "Qwen3 Embedding, 0.6 billion", "Qwen3", 1024, "Qwen/Qwen3-Embedding-0.6B", 1192, "Apache-2.0",
         QWEN_PAPER, "A language model whose last token stands for the text; more than 100 languages.",
         prompt=QWEN, truncates_to=MANY),
    _text("gte-modernbert", "GTE ModernBERT base", "GTE", 768, "Alibaba-NLP/gte-modernbert-base", 298, "Apache-2.0",
         "Zhang et al. 2024, mGTE; Warner et al. 2024, ModernBERT", "English; reads up to 8,192 tokens; needs no prompt."),
    _text("nomic-v1.5", "Nomic Embed v1.5", "Nomic", 768, "nomic-ai/nomic-embed-text-v1.5", 547, "Apache-2.0", NOMIC_PAPER,
         "English; its training data and program are public. Every text needs the name of its task in front.",
         prompt=NOMIC, truncates_to=(512, 256, 128, 64)),
    _text("nomic-v2-moe", "Nomic Embed v2, mixture of experts", "Nomic", 768, "nomic-ai/nomic-embed-text-v2-moe", 1901,
         "Apache-2.0", NOMIC_MOE_PAPER, "Many languages; each token is read by two of eight experts.",
         prompt=NOMIC, truncates_to=(256,),
         refused=OWN_PROGRAM + "transformers knows Nomic's network, but not its experts."),
    _text("arctic-m-v2", "Snowflake Arctic Embed m v2", "Arctic", 768, "Snowflake/snowflake-arctic-embed-m-v2.0", 1221,
         "Apache-2.0", "Yu et al. 2024, Arctic-Embed 2.0",
         "Many languages; reads up to 8,192 tokens. A query gets a prompt, a passage does not.",
         prompt=ARCTIC, truncates_to=(256,)),
    _text("jina-v5-small", "Jina v5 small, for search", "Jina", 1024, "jinaai/jina-embeddings-v5-text-small-retrieval", 1192,
         NOT_COMMERCIAL, JINA_5_PAPER,
         "Learnt from the vectors of Qwen3 Embedding; its adapter for search is already mixed into these weights.",
         prompt=JINA, truncates_to=(768, *MANY), terms="https://creativecommons.org/licenses/by-nc/4.0/", estimated=True),
    _text("jina-v3", "Jina v3", "Jina", 1024, "jinaai/jina-embeddings-v3", 1144, NOT_COMMERCIAL,
         "Sturua et al. 2024, jina-embeddings-v3", "89 languages; an adapter for each of five tasks.",
         truncates_to=(768, *MANY),
         refused=OWN_PROGRAM + "it puts an adapter for the task onto the network, and without one its vectors are not those "
         "that its authors measured."),
    _text("use-multilingual", "Universal Sentence Encoder, distilled, 50 languages", "Universal Sentence Encoder", 512,
         "sentence-transformers/distiluse-base-multilingual-cased-v2", 539, "Apache-2.0",
         "Yang et al. 2020, Multilingual Universal Sentence Encoder; Reimers and Gurevych 2020",
         "A DistilBERT that learnt to answer as the Universal Sentence Encoder does."),
    ModelSpec(
        id="use", title="Universal Sentence Encoder", family="Universal Sentence Encoder", modality="text",
        dimensions=512, load=load_universal, checkpoint=UNIVERSAL_ENCODER.address, source=UNIVERSAL_ENCODER, extra="use",
        megabytes=1038, estimated=True, licence="Apache-2.0", paper="Cer et al. 2018, Universal Sentence Encoder",
        note="The original of 2018, an average of words and pairs of words put through a network.",
    ),
    _text("bert", "BERT (bert-base-uncased)", "BERT", 768, "google-bert/bert-base-uncased", 440, "Apache-2.0",
         "Devlin et al. 2019, BERT", "For words in context; as a mean of tokens it is a poor sentence model.",
         load=load_plain_encoder),
)  # fmt: skip
