"""Values of a caller's models, kept as the JSON that was given for them.

What such a model writes is not always what it reads: it may write dates in a way of its own, leave fields out, call
them otherwise, or take texts for dates from JSON only. So nothing is ever made of what it writes.
"""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, PlainSerializer, ValidationError, WrapValidator
from pydantic_core import PydanticCustomError, to_json

ModelT = TypeVar("ModelT", bound=BaseModel)


def read(model: type[ModelT], given: Any) -> ModelT:
    """The value that this JSON is; ValidationError where it is none, or where a validator trips over it."""
    try:
        return model.model_validate_json(to_json(given))
    except ValidationError:
        raise
    except Exception as error:  # the caller's validators may raise anything
        said = PydanticCustomError("tripped", "{said}", {"said": f"{type(error).__name__}: {error}"})
        raise ValidationError.from_exception_data(model.__name__, [{"type": said, "input": given}]) from None


def as_given(model: type[BaseModel]) -> Any:
    """The type of a field with the schema of `model`, which holds the JSON that was given, once it has been read."""

    def checked(given: Any, _: Callable[[Any], Any]) -> Any:
        read(model, given)
        return given

    return Annotated[model, WrapValidator(checked), PlainSerializer(_itself)]


def _itself(given: Any) -> Any:
    return given
