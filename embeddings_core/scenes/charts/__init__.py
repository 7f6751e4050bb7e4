"""Still charts beside the stage: heat maps, curves, bars."""

from embeddings_core.errors import requires

requires("plotly")
