"""The table that you edit to add a model: a model is a row, in the file of its kind.

text               sentence models, from the bundled MiniLM to those that are fetched
static_text        sentence models without a network: a table of word pieces
tokens             models that keep one vector a token, for late interaction, or one weight
rerankers          cross-encoders, which score a query and a text together
words              word2vec, GloVe, fastText, and sentences as the mean of their words
images             networks and baselines that look at pictures
images_and_text    CLIP, SigLIP and their kin; the bundled bridge
places             where the weights come from, as rows name it

A row names its loader and the source of its weights; families of many models have a short form of a row. Sizes, licences and
prompts are those of the authors' own pages; sizes are millions of bytes of the weights, as the hub counts them. Where each size
and licence was read stands in `tests/models/test_catalogue_cards.py`; a size that was not read off its own page is `estimated`.
The order here is the order of the menus.
"""

from embeddings_core.models.catalogue.images import IMAGE_MODELS
from embeddings_core.models.catalogue.images_and_text import IMAGE_TEXT_MODELS
from embeddings_core.models.catalogue.rerankers import RERANKERS
from embeddings_core.models.catalogue.static_text import MADE_HERE, STATIC_TEXT_MODELS
from embeddings_core.models.catalogue.text import BUNDLED_TEXT_MODELS, SENTENCE_MODELS
from embeddings_core.models.catalogue.tokens import SPARSE_MODELS, TOKEN_MODELS
from embeddings_core.models.catalogue.words import WORD_MODELS
from embeddings_core.models.spec import ModelSpec

MODELS: tuple[ModelSpec, ...] = (
    *BUNDLED_TEXT_MODELS,
    *IMAGE_MODELS,
    *IMAGE_TEXT_MODELS,
    *WORD_MODELS,
    *SENTENCE_MODELS,
    *MADE_HERE,
    *STATIC_TEXT_MODELS,
    *TOKEN_MODELS,
    *SPARSE_MODELS,
    *RERANKERS,
)
