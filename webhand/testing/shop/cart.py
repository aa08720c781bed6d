"""A visitor's cart: immutable, every change gives a new one."""

from dataclasses import dataclass, replace
from decimal import Decimal

MOST_OF_ONE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one product in one size and colour; `price` is that of one, in pounds."""

    product: str
    name: str
    size: str
    colour: str
    price: Decimal
    quantity: int = 1

    @property
    def key(self) -> str:
        """What tells the line from all others of a cart."""
        return f"{self.product}/{self.size}/{self.colour}"

    @property
    def total(self) -> Decimal:
        """What the whole line costs."""
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines in the order in which they were added."""

    lines: tuple[Line, ...] = ()

    @property
    def count(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def total(self) -> Decimal:
        """What they cost without delivery."""
        return sum((line.total for line in self.lines), Decimal("0.00"))

    def add(self, line: Line) -> "Cart":
        """With a line more; the same product in the same size and colour is counted up, to 20 at most."""
        lines = {old.key: old for old in self.lines}
        had = lines[line.key].quantity if line.key in lines else 0
        lines[line.key] = replace(line, quantity=min(had + line.quantity, MOST_OF_ONE))
        return Cart(tuple(lines.values()))

    def remove(self, key: str) -> "Cart":
        """Without the line of this key."""
        return Cart(tuple(line for line in self.lines if line.key != key))
