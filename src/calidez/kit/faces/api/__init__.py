"""The programming interface: every declared kind of record over HTTP, by the same operations as the pages."""
