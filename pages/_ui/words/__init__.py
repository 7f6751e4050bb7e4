"""The Words page: its menu, lenses and panels."""
