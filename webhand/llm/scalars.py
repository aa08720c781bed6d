"""Numbers out of what models write for them, and the bounds of numbers and texts. Pure."""

import math
import re
from collections.abc import Mapping

from webhand.llm.json_value import Json, is_finite, shown
from webhand.llm.misfit import Misfit, wants
from webhand.llm.shape import Shape

_INTEGER = re.compile(r"\s*([+-]?)0*([0-9]+)(?:\.0+)?\s*")
_NUMBER = re.compile(r"\s*[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\s*")


def integer(value: Json) -> int:
    """A whole number, also from one with a zero fraction or from text; raises `Misfit`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and (written := _INTEGER.fullmatch(value)) and is_finite(value):
        return int(written[1] + written[2])
    raise wants("integer", value)


def number(value: Json) -> int | float:
    """A finite number, also from text; raises `Misfit`."""
    if isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value) and is_finite(value):
        return float(value)
    raise wants("number", value)


def check_bounds(value: Json, shape: Shape) -> None:
    """Raises `Misfit` where a number or the length of a text is out of the bounds of the shape."""
    if isinstance(value, str):
        length = len(value)
        if length < shape.bounds.get("minLength", 0) or length > shape.bounds.get("maxLength", math.inf):
            raise Misfit(f"the text has {length} characters, {_said(shape.bounds)}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        at_least, above = shape.bounds.get("minimum", -math.inf), shape.bounds.get("exclusiveMinimum", -math.inf)
        at_most, below = shape.bounds.get("maximum", math.inf), shape.bounds.get("exclusiveMaximum", math.inf)
        if not (at_least <= value <= at_most and above < value < below):
            raise Misfit(f"{shown(value)} is out of bounds, {_said(shape.bounds)}")


def _said(bounds: Mapping[str, float]) -> str:
    return ", ".join(f"{key} {bound:g}" for key, bound in bounds.items())
