"""Typed values and the arithmetic of service levels: pure, exact, no database."""
