"""The small safe language of filters and measures: read into our own tree, checked against the schema."""

from calidez.engine.expressions.nodes import Call, ColumnRef, Literal, Node, ValueType, columns_of
from calidez.engine.expressions.parser import canonical, parse_expression

__all__ = ["Call", "ColumnRef", "Literal", "Node", "ValueType", "canonical", "columns_of", "parse_expression"]
