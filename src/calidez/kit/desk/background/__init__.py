"""Background jobs and schedules as administrators see them."""
