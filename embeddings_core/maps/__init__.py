"""What a map is made of: exact neighbours, optimisers, settings, and what happens when items come and go."""
