"""Long spreadsheets, written in the background and fetched when they are ready."""
