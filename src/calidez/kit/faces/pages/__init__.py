"""The generic pages: list, detail, forms; each works for every registered kind of record."""
