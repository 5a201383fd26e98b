"""The people part's own pages: signing in, and what concerns one's own account."""
