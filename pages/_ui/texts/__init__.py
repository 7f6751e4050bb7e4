"""Sentences and Context: lenses and panels."""
