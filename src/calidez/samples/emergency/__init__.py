"""The sample organisation: the emergency departments of England, three years of real months."""
