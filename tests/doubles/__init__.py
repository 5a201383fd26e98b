"""Kinds of record that nobody needs: as many again as there are, so that scripts/doubled.py can tell what the tests will cost then."""
