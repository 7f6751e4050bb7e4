"""Models: the table of rows, the loaders of each family, where weights come from, and the registry on top."""
