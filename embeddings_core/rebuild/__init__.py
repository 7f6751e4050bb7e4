"""Scripts that make the bundled data anew: python -m embeddings_core.rebuild.vocabulary."""
