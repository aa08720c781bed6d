"""The arguments that every vendor's model takes besides its name."""

from typing import TypedDict

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
    settings: ModelSettings | None
    structured: str | None
    abilities: Abilities | None
    pictures: Blind
    api_key_env: str | None
    max_concurrency: int | None
