"""The page of own tables."""
