"""Deals: the catalogue, the order form, exact prices, and the deal file."""
