"""Records from a file: a template to fill in, a rehearsal that changes nothing, then all rows or none."""
