"""Present: the talk on its stage, and a visitor's own."""
