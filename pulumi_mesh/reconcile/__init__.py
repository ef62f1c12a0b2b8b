"""Desired and actual side by side: the difference, and the one step that ends it."""
