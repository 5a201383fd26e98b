"""Pages of monitoring that are more than list, detail and form."""
