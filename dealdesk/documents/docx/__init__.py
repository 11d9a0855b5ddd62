"""Word documents: written from the tree, guarded, and read back with their tracked changes."""
