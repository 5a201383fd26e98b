"""Pure numbers for service quality: arrays in, frozen results out, no web framework anywhere."""
