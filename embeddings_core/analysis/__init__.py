"""What can be asked of vectors: neighbours, groups, arithmetic, context, comparison, questions."""
