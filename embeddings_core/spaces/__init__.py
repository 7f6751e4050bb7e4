"""Spaces: what has vectors for items; texts and pictures at the door, bundled words, files of vectors."""
