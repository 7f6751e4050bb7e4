"""The Context page: its lenses and panels."""
