"""Encoders: anything that turns items into vectors."""
