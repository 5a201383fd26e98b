"""One file per story; its name says what happened."""
