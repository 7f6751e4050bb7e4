"""Spaces: what has vectors for items; texts and pictures as they come in, bundled words, files of vectors."""
