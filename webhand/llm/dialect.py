"""What each schema dialect takes, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Dialect = Literal["openai_strict", "anthropic", "gemini", "bedrock", "plain_inlined"]

# Bounds say something about the value: where a dialect does not know one, it is told in the description.
BOUNDS = (
    *("pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "propertyNames"),
)

_OPENAI_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
_OPENAI_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems")
_GEMINI_BOUNDS = ("minimum", "maximum", "minItems", "maxItems")


@dataclass(frozen=True)
class Limits:
    """How large a compiled schema may be; None is no limit that is known."""

    properties: int | None = None
    levels: int | None = None
    characters: int | None = None
    enum_values: int | None = None
    optionals: int | None = None
    unions: int | None = None
    long_enum_characters: int | None = None


@dataclass(frozen=True)
class Rules:
    """One dialect.

    `strict` dialects know no free keys and nothing without a type; `all_required` ones no key that may be left out.
    `inline` ones get no references; in `shared` ones a definition stands for what is said over and over. `tuples` says
    whether a list may give each place its own schema.
    """

    strict: bool = False
    all_required: bool = False
    inline: bool = False
    shared: bool = False
    recursion: bool = True
    object_root: bool = False
    tuples: bool = False
    constants: bool = False
    bounds: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    most_min_items: int | None = None
    limits: Limits = Limits()


_ANTHROPIC = Rules(
    strict=True,
    recursion=False,
    object_root=True,
    constants=True,
    bounds=frozenset({"minItems"}),
    formats=_OPENAI_FORMATS | {"uri"},
    most_min_items=1,
    limits=Limits(optionals=24, unions=16),
)

RULES: Mapping[str, Rules] = {
    "openai_strict": Rules(
        strict=True,
        all_required=True,
        shared=True,
        object_root=True,
        constants=True,
        bounds=frozenset({"pattern", *_OPENAI_BOUNDS}),
        formats=_OPENAI_FORMATS,
        limits=Limits(properties=5_000, levels=10, characters=120_000, enum_values=1_000, long_enum_characters=15_000),
    ),
    "anthropic": _ANTHROPIC,
    "bedrock": _ANTHROPIC,
    "gemini": Rules(tuples=True, bounds=frozenset(_GEMINI_BOUNDS)),
    "plain_inlined": Rules(inline=True, recursion=False, bounds=frozenset({*_GEMINI_BOUNDS, "minLength", "maxLength"})),
}
