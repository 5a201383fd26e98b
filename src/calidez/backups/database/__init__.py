"""Rows out of one database and into another, exact, whichever of the two kinds each of them is."""
