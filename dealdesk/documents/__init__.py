"""The document tree and everything made from it: text, HTML, PDF, DOCX. Pure: no database."""
