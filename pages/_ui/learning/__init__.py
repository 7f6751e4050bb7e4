"""The Learning page: its controls, lenses and panels."""
