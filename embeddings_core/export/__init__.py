"""What leaves the page as a file: offline HTML, films, stills, tables."""
