"""Why a value does not fit, in words that a model can act on."""

from webhand.llm.json_value import Json, shown

_WANTED = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "never": "nothing",
}

LONGEST = 300
"""Characters of a place, and of what is wrong there."""


class Misfit(Exception):
    """The value does not fit; `path` leads to the place, `reason` says what is wrong there."""

    def __init__(self, reason: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path

    def __str__(self) -> str:
        """Short: a validator of the user's may quote the whole answer, and the model reads it with each try."""
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        reason = _short(self.reason)
        return f"{_short(path.removeprefix('.'))}: {reason}" if path else reason


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def wants(kind: str, value: Json) -> Misfit:
    """That a value of this type is wanted and another came."""
    return Misfit(f"{_WANTED[kind]} is wanted, got {shown(value)}")
