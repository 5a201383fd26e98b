"""What the organisation chose for the whole installation, kept as data; every process follows within seconds.

A preference takes effect through the function registered for it, such as the one that puts a time zone in place,
so reading it costs a request nothing.
"""

from calidez.kit.platform.preferences.follow import follow, on_change, put, value_of

__all__ = ["follow", "on_change", "put", "value_of"]
