"""Files as evidence of a record: kept by their content, proven by their digest, given out only to who may see it.

Who may add one is the verb "attach" of the role's table, where the record belongs.
"""
