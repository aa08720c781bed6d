"""What an action is, what it is given and what comes of it."""

from __future__ import annotations

import inspect
import re
import time
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, PydanticUserError, ValidationError, create_model

from webhand.browser import Browser, Tab
from webhand.controller.workspace import Workspace
from webhand.errors import ConfigError
from webhand.events import EventType
from webhand.llm.model import Model
from webhand.secrets import Secret

Handler = Callable[..., Awaitable[Any]]
Emit = Callable[[EventType, Mapping[str, Any]], Awaitable[None]]


class ActionCall(BaseModel):
    """An action as a model asks for it."""

    model_config = ConfigDict(frozen=True)

    action: str
    arguments: Mapping[str, Any] = {}


class ActionResult(BaseModel):
    """What came of one action.

    `text` is what the model reads; `error` the name of the error's class when `ok` is False; `data` plain JSON for
    programs; `files` what was written; `include_picture` asks for a picture with the next look, `pictures` are files to
    be shown with it; `seconds` how long it took. `ends` says what ends with the action: the `decision`, because the
    page is another now, or the `run`.
    """

    model_config = ConfigDict(frozen=True)

    action: str
    ok: bool
    text: str
    data: Any = None
    error: str | None = None
    files: tuple[Path, ...] = ()
    include_picture: bool = False
    pictures: tuple[Path, ...] = ()
    seconds: float = 0.0
    ends: Literal["nothing", "decision", "run"] = "nothing"


class Question(BaseModel):
    """Something that a person is asked; `id` stays the same when it is asked again after a restart."""

    model_config = ConfigDict(frozen=True)

    id: str
    text: str


class Approval(BaseModel):
    """An action that waits for somebody's consent."""

    model_config = ConfigDict(frozen=True)

    action: str
    arguments: Mapping[str, Any]
    target: str | None
    url: str
    reason: str


Ask = Callable[[Question], Awaitable[str] | str]
Accept = Callable[[Any], Awaitable[str | None]]
Approve = Callable[[Approval], Awaitable[bool | str] | bool | str]


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What an action may use besides its arguments; what is None is not to be had.

    `accept` says why what `done` gives cannot be the end yet. `worked` is a clock in seconds that stands still while
    people are waited for: limits of time go by it.
    """

    tab: Tab | None = None
    browser: Browser | None = None
    model: Model | None = None
    workspace: Path | None = None
    files: tuple[Path, ...] = ()
    secrets: Mapping[str, Secret] = field(default_factory=dict[str, Secret])
    ask: Ask | None = None
    approve: Approve | None = None
    accept: Accept | None = None
    step: int = 0
    emit: Emit | None = None
    worked: Callable[[], float] = time.monotonic

    @property
    def page(self) -> Tab:
        """The tab that the action is for."""
        if self.tab is None:
            raise ConfigError("this action needs a tab")
        return self.tab

    @property
    def room(self) -> Workspace:
        """The files that the action may read and write."""
        return Workspace(self.workspace, self.files)


NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")

INJECTED: tuple[type, ...] = (ActionContext, Tab, Browser)
"""Parameters of these types are filled in by the dispatcher and not shown to the model."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its name, its description for the model, its parameters and the function behind it.

    `origins` are the sites on which it may be used (empty: all); `approve` asks for consent each time; `changes` says
    that it may change something (what does not is given no secrets either); `terminates` that the run ends with it;
    `person` that it waits for somebody: it has no time limit, and is not offered where nobody is there.
    """

    name: str
    description: str
    parameters: type[BaseModel]
    handler: Handler
    injected: Mapping[str, type]
    origins: tuple[str, ...] = ()
    approve: bool = False
    changes: bool = True
    terminates: bool = False
    person: bool = False

    @property
    def signature(self) -> str:
        """The action in short, as a prompt lists it: `click(ref, button="left", count=1, modifiers?)`."""
        shown: list[str] = []
        for name, info in self.parameters.model_fields.items():
            default = info.get_default(call_default_factory=True)
            without = "?" if default in (None, "", (), []) else f"={default!r}".replace("'", '"')
            shown.append(name if info.is_required() else name + without)
        return f"{self.name}({', '.join(shown)})"


def make_action(
    handler: Handler,
    description: str,
    *,
    name: str | None = None,
    origins: Sequence[str] = (),
    approve: bool = False,
    changes: bool = True,
    terminates: bool = False,
    person: bool = False,
) -> Action:
    """The action of an async function: its parameters come from the signature.

    Raises ConfigError for a function that is not async or has a parameter that no model could be asked for.
    """
    name = name or handler.__name__.rstrip("_")
    if not NAME.fullmatch(name):
        raise ConfigError(f"an action cannot be called {name!r}; names are letters, digits and _, a letter first")
    if not inspect.iscoroutinefunction(handler):
        raise ConfigError(f"action {name} must be an async function")
    try:
        hints = get_type_hints(handler, include_extras=True)
    except (NameError, TypeError) as error:
        raise ConfigError(f"the types of action {name} cannot be read: {error}") from None
    fields: dict[str, Any] = {}
    injected: dict[str, type] = {}
    for parameter in inspect.signature(handler).parameters.values():
        kind = hints.get(parameter.name)
        by_name = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if kind is None or not by_name or not NAME.fullmatch(parameter.name):
            raise ConfigError(f"parameter {parameter.name} of action {name} needs a type and a name to give it by")
        if isinstance(kind, type) and kind in INJECTED:
            injected[parameter.name] = kind
        else:
            fields[parameter.name] = (kind, ... if parameter.default is parameter.empty else parameter.default)
    made = make_model(f"{name}_parameters", fields)
    return Action(name, description, made, handler, injected, tuple(origins), approve, changes, terminates, person)


def make_model(name: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    """The pydantic model with these fields and no others; ConfigError for a type that cannot be one of JSON."""
    config = ConfigDict(extra="forbid", protected_namespaces=())
    try:
        with warnings.catch_warnings():
            # A field may be called as an old method of pydantic's, such as `schema`: it is read as a field only.
            warnings.filterwarnings("ignore", message="Field name .* shadows an attribute")
            return create_model(name, __config__=config, **fields)
    except (PydanticUserError, NameError, TypeError, ValueError) as error:
        raise ConfigError(f"{name}: {str(error).splitlines()[0]}") from None


def misfits(error: ValidationError) -> str:
    """The first things that are wrong with a value, and where in it."""
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])


class Family:
    """The actions of one file, gathered by a decorator."""

    def __init__(self) -> None:
        self.actions: list[Action] = []

    def action(self, **more: Any) -> Callable[[Handler], Handler]:
        """Add the decorated function; its docstring is what the model reads, keywords as in `make_action`."""

        def add(handler: Handler) -> Handler:
            description = inspect.getdoc(handler) or handler.__name__
            self.actions.append(make_action(handler, description, **more))
            return handler

        return add
