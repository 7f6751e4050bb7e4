"""Word vectors trained live, with snapshots of every epoch."""
