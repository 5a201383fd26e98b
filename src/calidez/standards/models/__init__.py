"""Standards: what is promised, what it rests on, and every version that was in force."""

from calidez.standards.models.dimensions import QualityDimension
from calidez.standards.models.rows import LocalTarget, StandardBasis
from calidez.standards.models.standards import Standard
from calidez.standards.models.versions import StandardVersion

__all__ = ["LocalTarget", "QualityDimension", "Standard", "StandardBasis", "StandardVersion"]
