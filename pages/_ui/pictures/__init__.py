"""Images, and Images and text: uploads, lenses and panels."""
