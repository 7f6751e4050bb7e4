"""Files of word vectors: word2vec, GloVe, fastText, the Embedding Projector's, NumPy's; read within limits, never run."""
