"""The Images page: its lenses and panels."""
