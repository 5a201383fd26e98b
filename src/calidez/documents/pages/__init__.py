"""What people see of documents beside lists and forms: the version to read, what changed, the page to print."""
