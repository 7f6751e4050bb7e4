"""Words and sentences compared: one-hot against dense, word order, senses by layer, several models on one list."""
