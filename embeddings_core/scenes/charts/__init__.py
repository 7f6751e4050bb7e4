"""Still charts beside the stage: heat maps, curves, bars."""
