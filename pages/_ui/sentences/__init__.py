"""The Sentences page: its lenses and panels."""
