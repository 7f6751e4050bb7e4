"""Scenes: what the stage plays, one module a subject, and still charts."""
