"""One search over all kinds of record and all pages: accents ignored, small slips of the finger forgiven.

Words of records lie in an index of our own (term, posting), the same on SQLite and PostgreSQL. What was found is then
fetched through `entity.queryset(user)`: the index knows no permissions and reveals nothing by itself.
"""
