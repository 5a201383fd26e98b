"""What somebody wrote in a form and has not saved yet (docs/decisions/drafts.md)."""
