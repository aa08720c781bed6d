"""Values that no model, log or page of another origin may see."""

from collections.abc import Callable, Sequence


class Secret:
    """A value that stays out of sight: its `repr` and `str` never show it.

    `value` is the text itself or a callable that fetches it at the last moment. `origins` are the sites that may get
    it, such as `https://shop.example`; without any, the origin of the run's start page.
    """

    def __init__(self, value: str | Callable[[], str], *, origins: Sequence[str] = ()) -> None:
        self._value = value
        self.origins = tuple(origins)

    def reveal(self) -> str:
        """The value itself; call it only where it is used."""
        return self._value() if callable(self._value) else self._value

    def bound_to(self, origins: Sequence[str]) -> "Secret":
        """The same value for these origins only."""
        return Secret(self._value, origins=origins)

    def __repr__(self) -> str:
        return "Secret(***)"
