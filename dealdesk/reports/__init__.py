"""Reports: read-only views over many contexts, each a table with its picture and its CSV."""
