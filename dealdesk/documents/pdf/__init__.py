"""PDF from the document tree: tagged, archivable, accessible, the same bytes every time."""
