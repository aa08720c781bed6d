"""The table of providers and models, and the way from `provider/model` to a model.

The table is data with safe defaults, never a whitelist: an unknown model's name goes out as it is.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal, cast

from webhand.errors import InvalidSetting, UnknownProvider
from webhand.llm.model import Abilities, Model, ModelSettings
from webhand.llm.picture_size import PictureSize
from webhand.llm.prices import Prices, own_prices
from webhand.llm.retry import RetryPolicy
from webhand.secrets import Secret

ToolChoice = Literal["named", "required", "any", "auto"]

OFFLINE = "offline"
COMPATIBLE = "webhand.llm.providers.compatible:OpenAICompatibleModel"
ABILITIES = frozenset(Abilities.__dataclass_fields__)
DATED = re.compile(r"-(?:\d{4}-?\d{2}-?\d{2}|latest)$")


@dataclass(frozen=True)
class ChatProfile:
    """What a server that speaks OpenAI's chat completions does its own way.

    `cap` is the key that bounds an answer. `tool_choice` makes a model use the one tool it is given: an object with
    its name, or a word. `json_object`: there is a JSON mode without a schema. `one_call`: it can be told to call one
    tool only. `tell_schema`: the schema guides what is written, but the model does not read it.
    """

    cap: str = "max_tokens"
    tool_choice: ToolChoice = "named"
    json_object: bool = True
    one_call: bool = False
    tell_schema: bool = False


@dataclass(frozen=True)
class Provider:
    """A vendor: which adapter speaks to it, where, and which variables hold its key and another address.

    Without an `api_key_env` no key is needed. `rows_of` is the provider whose rows hold for its models too, but for
    their prices. `trims` are patterns of what a model's name may carry around that of its row, taken off one after the
    other; `unforced` is one of the names of models that cannot be made to use a tool.
    """

    name: str
    docs: str
    adapter: str = COMPATIBLE
    base_url: str | None = None
    api_key_env: str | None = None
    base_url_env: str | None = None
    rows_of: str | None = None
    chat: ChatProfile = ChatProfile()
    trims: Sequence[str] = ()
    unforced: str | None = None


@dataclass(frozen=True)
class ModelRow:
    """What is known of a model.

    `strict`: the vendor holds it to a schema firmly; `forcing`: it can be made to use a tool; `caching`: it takes marks
    where its prompt may be cached; `thinks_by_budget`: its thought is set in tokens and not by a level; `retired`: the
    vendor has shut it down, on `ends` where the day is known; `ends` alone: it will. `efforts` are the depths of
    thought that it knows, from the least; none: it is not known which. `extra` goes into every request.
    """

    abilities: Abilities = Abilities()
    prices: Prices | None = None
    strict: bool = True
    forcing: bool = True
    caching: bool = False
    thinks_by_budget: bool = False
    retired: bool = False
    ends: date | None = None
    efforts: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(files("webhand.llm").joinpath("models.toml").read_text("utf-8"))


@cache
def providers() -> Mapping[str, Provider]:
    """All providers of the table by name."""
    rows = cast(Mapping[str, Mapping[str, Any]], _table()["providers"])
    return {name: _provider(name, row) for name, row in rows.items()}


def _provider(name: str, row: Mapping[str, Any]) -> Provider:
    told = {key: row[key] for key in row if key not in ("defaults", "chat")}
    return Provider(name, chat=ChatProfile(**row.get("chat", {})), **told)


def provider_row(name: str) -> Provider:
    """The provider of this name; UnknownProvider lists those that there are."""
    known = providers()
    if name in known:
        return known[name]
    names = (*known, OFFLINE)
    close = get_close_matches(name, names, n=1)
    guess = f" Did you mean {close[0]}?" if close else ""
    raise UnknownProvider(f"There is no provider {name[:60]!r}.{guess} Known are {', '.join(sorted(names))}.")


def model_names(provider: str) -> tuple[str, ...]:
    """The models of a provider that the table knows, in its order."""
    return tuple(_table()["models"].get(provider, {}))


def needs_key(provider: str) -> bool:
    """Whether nothing goes without a key."""
    return provider_row(provider).api_key_env is not None


def model_row(provider: str, model: str) -> ModelRow:
    """What is known of a model, with the provider's safe defaults for what is not.

    A dated name such as `gpt-4o-2024-08-06` that has no row of its own is read as the name without the date, and
    without what the provider's names carry besides: regions, versions, the path of a resource. Prices of the user's
    own file win.
    """
    defaults = cast(Mapping[str, Any], _table()["providers"][provider].get("defaults", {}))
    told = {**defaults, **_told(provider, model)}
    if (unforced := provider_row(provider).unforced) and re.search(unforced, model):
        told["forcing"] = False
    if "picture" in told:
        told["picture"] = PictureSize(**told["picture"])
    abilities = Abilities(**{key: told.pop(key) for key in list(told) if key in ABILITIES})
    told["efforts"] = tuple(told.pop("efforts", ()))
    listed = told.pop("prices", None)
    own = own_prices([f"{provider}/{name}" for name in (*_readings(provider_row(provider), model), "*")])
    return ModelRow(abilities, own or (None if listed is None else Prices.of(listed)), **told)


def _told(provider: str, model: str) -> Mapping[str, Any]:
    """The row of a model as it stands in the table, empty where there is none."""
    rows = cast(Mapping[str, Mapping[str, Any]], _table()["models"].get(provider, {}))
    known = provider_row(provider)
    for name in _readings(known, model):
        if name in rows:
            return rows[name]
    if known.rows_of is None:
        return {}
    return {key: value for key, value in _told(known.rows_of, model).items() if key != "prices"}


def _readings(provider: Provider, model: str) -> Iterator[str]:
    """The names of rows that may be meant, the fullest first."""
    yield model
    for pattern in (DATED, *provider.trims):
        yield (model := re.sub(pattern, "", model))


def get_model(
    name: str,
    *,
    api_key: str | Secret | None = None,
    base_url: str | None = None,
    timeout: float | None = None,
    retry: RetryPolicy | None = None,
    settings: ModelSettings | None = None,
    **more: Any,
) -> Model:
    """The model called `provider/model`, or `offline`; with a comma between several names, a FallbackModel.

    Nothing is sent. Raises UnknownProvider, MissingKey (with the variable to set), InvalidSetting, or MissingExtra
    where the vendor's SDK is not installed. `timeout` is seconds for one request, None the provider's usual time (60,
    of a model on this machine 300). `more` goes to the model's class: `structured`, `abilities`, `pictures`,
    `api_key_env`, `max_concurrency`, and what that class has of its own.
    """
    if not isinstance(name, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InvalidSetting(f"A model is named by a text such as openai/gpt-6-luna, not by a {type(name).__name__}")
    if "," in name:
        single = {"api_key": api_key, "base_url": base_url, "api_key_env": more.pop("api_key_env", None)}
        return _several(name, single, timeout=timeout, retry=retry, settings=settings, **more)
    provider, slash, model = name.partition("/")
    if name == OFFLINE:
        return _adapter("webhand.llm.offline:OfflineModel")()
    row = provider_row(provider)
    if not slash or not model:
        raise InvalidSetting(f"{name!r} names no model; write {provider}/ and the model's name")
    build = _adapter(row.adapter)
    if row.adapter == COMPATIBLE:
        more["vendor"] = provider
    if timeout is not None:
        more["timeout"] = timeout
    return build(model, api_key=api_key, base_url=base_url, retry=retry, settings=settings, **more)


def _several(name: str, single: Mapping[str, object], **shared: Any) -> Model:
    """The FallbackModel of these names; what is None is as usual for each of them."""
    if given := [argument for argument, value in single.items() if value is not None]:
        raise InvalidSetting(
            f"{' and '.join(given)} can belong to one model only, and {name!r} names several; "
            "make each and give them to FallbackModel"
        )
    names = [one for one in (part.strip() for part in name.split(",")) if one]
    ways, on = shared.pop("ways", None), shared.pop("on", None)
    given_to_all = {argument: value for argument, value in shared.items() if value is not None}
    return _adapter("webhand.llm.fallback:FallbackModel").of(names, ways, on, **given_to_all)


def _adapter(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
