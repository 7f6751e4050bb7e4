"""Maps: projections by PCA, UMAP and t-SNE, newcomers on them, their films, and how far to trust them."""
