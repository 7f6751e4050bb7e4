"""Learning, and One-hot to dense: settings, runs, lenses and panels."""
