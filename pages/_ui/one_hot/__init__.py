"""The One-hot to dense page: its lenses and panels."""
