"""Readers of word-vector files, one layout a module; `embeddings_core.word_vectors` opens them."""
