"""Talks: slides, the ready talk, a visitor's own, and the file either travels in."""
