"""Names with one or more values each: a query string or a sent form."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

MOST_FIELDS = 100


class Fields:
    """The values by name, in the order in which they came."""

    def __init__(self, values: Mapping[str, Sequence[str]] | None = None) -> None:
        self._values = dict(values or {})

    @classmethod
    def parse(cls, text: str) -> "Fields":
        """The fields of a query string or form body; too many of them raise a ValueError."""
        return cls(parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS))

    def first(self, name: str, default: str = "") -> str:
        """The first value of a name."""
        values = self._values.get(name)
        return values[0] if values else default

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return tuple(self._values.get(name, ()))
