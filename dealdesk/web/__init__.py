"""The Flask edge: application factory, pages and static files."""
