"""One step for many records: each by itself, with a report of what was refused and why."""
