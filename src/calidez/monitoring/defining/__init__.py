"""A new indicator is a sentence: put together from lists, shown with its figures before it is kept."""
