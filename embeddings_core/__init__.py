"""Embed words, sentences and images, look at the space they live in.

Importing this package loads numpy only; heavy libraries are loaded by the function that needs them.
"""
