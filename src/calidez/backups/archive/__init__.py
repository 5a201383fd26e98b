"""The archive as a file: a tar whose last member says what all the others are; written, encrypted, checked and read as a stream."""
