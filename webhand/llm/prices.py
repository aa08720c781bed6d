"""What tokens cost: the shape of a price, and the prices of the user's own file, which win over the table's."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, cast

from webhand.errors import InvalidSetting
from webhand.settings import read_toml, settings_file
from webhand.usage import Usage

MILLION = Decimal(1_000_000)
AMOUNTS = ("input", "output", "cached", "cache_write")
KEYS = (*AMOUNTS, "up_to", "taken")
VARIABLE = "WEBHAND_PRICES"


@dataclass(frozen=True)
class Prices:
    """US$ per million tokens on the day `taken`; None is unknown.

    Above `up_to` prompt tokens other prices hold, which are not known.
    """

    taken: date | None
    input: Decimal
    output: Decimal
    cached: Decimal | None = None
    cache_write: Decimal | None = None
    up_to: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Prices":
        """Read from a row of a table in which every value is of the right kind."""
        per_million = {key: Decimal(str(row[key])) for key in AMOUNTS if key in row}
        return cls(taken=row.get("taken"), up_to=row.get("up_to"), **per_million)

    def cost(self, usage: Usage) -> Decimal | None:
        """What these tokens cost in US$, None where a figure or a price is unknown."""
        if usage.prompt is None or usage.completion is None:
            return None
        if self.up_to is not None and usage.prompt > self.up_to:
            return None
        cached, written = usage.cached or 0, usage.cache_write or 0
        if (cached and self.cached is None) or (written and self.cache_write is None):
            return None
        fresh = max(usage.prompt - cached - written, 0) * self.input
        stored = cached * (self.cached or 0) + written * (self.cache_write or 0)
        return (fresh + stored + usage.completion * self.output) / MILLION


def prices_file() -> Path:
    """Where the user's own prices are looked for: the file that WEBHAND_PRICES names, else beside the settings."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named).expanduser() if named else settings_file().with_name("prices.toml")


def own_prices(names: Sequence[str]) -> Prices | None:
    """The user's own price for the first of `names` (`provider/model`, `provider/*`) that the file has.

    Raises InvalidSetting when the file cannot be read or holds something else than prices.
    """
    table = _read(prices_file())
    return next((table[name] for name in names if name in table), None)


def _read(path: Path) -> Mapping[str, Prices]:
    content = read_toml(path, parse_float=Decimal)
    if content is None and os.environ.get(VARIABLE, "").strip():
        raise InvalidSetting(f"{VARIABLE}: there is no file {path}")
    return {name: _checked(path, name, row) for name, row in (content or {}).items()}


def _checked(path: Path, name: str, row: object) -> Prices:
    if "/" not in name or not isinstance(row, dict):
        raise InvalidSetting(
            f'{path}: {name!r} names no model; write ["provider/model"] and below it input and output, '
            "in US$ per million tokens"
        )
    given = cast(dict[str, object], row)
    for key, value in given.items():
        if key not in KEYS:
            raise InvalidSetting(f"{path}: unknown key {key!r} for {name}; the keys are {', '.join(KEYS)}")
        fits, wanted = (isinstance(value, date), "date") if key == "taken" else (_is_amount(value), "number from 0 up")
        if not fits:
            raise InvalidSetting(f"{path}: {key} of {name} is {value!r}, which is no {wanted}")
    if lacking := {"input", "output"} - given.keys():
        raise InvalidSetting(f"{path}: {name} has no {' and no '.join(sorted(lacking))}")
    return Prices.of(given)


def _is_amount(value: object) -> bool:
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return False
    return isfinite(float(Decimal(value))) and value >= 0
