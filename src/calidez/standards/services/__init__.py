"""What can be done with standards and quality dimensions."""

from calidez.standards.services.dimensions import check_dimension, ship_dimensions
from calidez.standards.services.life import (
    check_standard,
    drop_revision,
    propose,
    put_in_force,
    retire,
    revise,
    send_back,
)

__all__ = [
    "check_dimension",
    "check_standard",
    "drop_revision",
    "propose",
    "put_in_force",
    "retire",
    "revise",
    "send_back",
    "ship_dimensions",
]
