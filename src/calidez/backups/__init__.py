"""Copies of the whole installation: made while it runs, kept, tried, and brought back into an empty place."""
