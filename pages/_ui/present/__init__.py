"""The Present page: the talk on its stage, its editor and files."""
