"""Pictures of what the core computes: the only part that imports Plotly."""
