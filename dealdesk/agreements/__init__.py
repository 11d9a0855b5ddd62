"""A deal's chosen clauses and values, assembled into a document; immutable versions."""
