"""The arguments that every vendor's model takes besides its name, and what kind each has to be."""

from typing import TypedDict, get_type_hints

from pydantic import InstanceOf

from webhand.errors import InvalidSetting
from webhand.llm.kinds import check_option
from webhand.llm.model import Abilities, ModelSettings
from webhand.llm.pictures import Blind
from webhand.llm.retry import RetryPolicy
from webhand.secrets import Secret


class ModelOptions(TypedDict, total=False):
    """What a class with arguments of its own passes on to `VendorModel`, which says what they mean."""

    api_key: str | Secret | None
    base_url: str | None
    timeout: float | None
    retry: RetryPolicy | None
    settings: InstanceOf[ModelSettings] | None
    structured: str | None
    abilities: Abilities | None
    pictures: Blind
    api_key_env: str | None
    max_concurrency: int | None


def check_options(given: ModelOptions) -> None:
    """Raises InvalidSetting for an argument of another kind than it has to be."""
    kinds = get_type_hints(ModelOptions, include_extras=True)
    for name, value in given.items():
        check_option(name, value, kinds[name])


def check_model_name(provider: str, name: object) -> None:
    """Raises InvalidSetting for what cannot be the name of a model."""
    if not isinstance(name, str):
        raise InvalidSetting(f"The name of a model of {provider} is a text, not of type {type(name).__name__}")
    if not name.strip():
        raise InvalidSetting(f"The name of a model is missing after {provider}/")
    if not name.isprintable() or name != name.strip():
        raise InvalidSetting(f"The name {name[:60]!r} of a model of {provider} holds a line break or a blank too many")
