"""What people say about a record, beside it: comments with mentions.

Who may comment is the verb "comment" of the role's table. The shipped roles that work with records have it; the
auditor's, which reads and leaves no word, has not. Where records of higher units are shown below, those below may
comment on them too.
"""
