"""The Images and text page: its lenses and panels."""
