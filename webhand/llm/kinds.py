"""Whether an argument is of the kind that it has to be."""

from functools import cache
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from webhand.errors import InvalidSetting


def check_option(name: str, value: object, kind: Any) -> None:
    """Raises InvalidSetting where the value of this argument is of another kind; the value is not shown."""
    try:
        _adapter(kind).validate_python(value, strict=True)
    except ValidationError as error:
        wanted = error.errors(include_url=False, include_input=False)[0]["msg"].removeprefix("Input should be ")
        raise InvalidSetting(f"{name} is of type {type(value).__name__}; it has to be {wanted}") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind, config=ConfigDict(arbitrary_types_allowed=True))
