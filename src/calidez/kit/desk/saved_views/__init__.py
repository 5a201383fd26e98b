"""Saved ways of looking at a list: one's own, of a unit's people, of everybody."""
