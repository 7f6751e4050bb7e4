"""Pictures beyond one open image: uploads, samples, changes, stages of a network, and captions in the same space."""
