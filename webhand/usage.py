"""What calls of models took: tokens, and the sum of what they cost."""

from collections.abc import Iterable
from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class Usage(BaseModel):
    """Tokens of one or more calls; None is unknown, never 0.

    `prompt` is all input including `cached` (read from the vendor's cache) and `cache_write`; `completion` is all
    output including `reasoning`.
    """

    model_config = ConfigDict(frozen=True)

    prompt: int | None = None
    cached: int | None = None
    cache_write: int | None = None
    completion: int | None = None
    reasoning: int | None = None

    def __add__(self, other: "Usage") -> "Usage":
        """The sum; a figure that neither side knows stays unknown."""
        return Usage(**{name: _sum(getattr(self, name), getattr(other, name)) for name in Usage.model_fields})


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None and other is None else (one or 0) + (other or 0)


def total_cost(costs: Iterable[Decimal | None]) -> Decimal | None:
    """The sum in US$, None where there is nothing to add or a part of it is unknown."""
    known = list(costs)
    return None if not known or None in known else sum((cost for cost in known if cost is not None), Decimal(0))
