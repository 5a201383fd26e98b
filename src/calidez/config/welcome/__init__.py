"""The first run: an installation without an organisation greets, and asks what it needs to begin."""
