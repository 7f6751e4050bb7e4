"""What the ready talk tells, the questions it asks, and what a picture says about itself."""
