"""A scene as a file: films, stills and strips, drawn by pens in pixels or SVG."""
