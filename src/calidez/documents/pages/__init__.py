"""Pages of documents that are more than list, detail and form."""
