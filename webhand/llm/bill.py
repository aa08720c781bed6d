"""What one call has taken so far, answers that could not be used included."""

from decimal import Decimal

from webhand.llm.prices import Prices
from webhand.usage import Usage, total_cost


class Bill:
    """Adds up the replies of one call; a reply whose tokens are not told makes the cost unknown."""

    def __init__(self, prices: Prices | None) -> None:
        self.usage = Usage()
        self._prices = prices
        self._costs: list[Decimal | None] = []

    def add(self, usage: Usage) -> None:
        """One more reply was paid for."""
        self.usage += usage
        self._costs.append(None if self._prices is None else self._prices.cost(usage))

    @property
    def cost(self) -> Decimal | None:
        """US$, None where nothing came or a part of it is unknown."""
        return total_cost(self._costs)
