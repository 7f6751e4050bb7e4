"""Own tables: read, their columns, their vectors, and the questions that are asked of them."""
