"""What the arguments of an agent have to be, checked before anything is started."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from webhand.agent.config import AgentConfig
from webhand.controller import Controller
from webhand.controller.action import misfits
from webhand.controller.given import read
from webhand.errors import ConfigError, InvalidSetting
from webhand.llm.messages import Image
from webhand.llm.model import Model
from webhand.llm.scripted import ElementName
from webhand.secrets import Secret
from webhand.store import RunStore


def lacking(
    data: Mapping[str, Any],
    controller: Controller | None,
    output: type[BaseModel] | None,
    secrets: Mapping[str, Secret] | None,
    config: AgentConfig | None,
) -> Iterator[str]:
    """What a run was started with, no log can hold, and is not given again.

    A function is gone without where the config says so: `AgentConfig(approve=None)`.
    """
    said = set[str]() if config is None else {*config.callables, *config.model_fields_set}
    for name, names in (
        ("controller with", set(data.get("controller", ())) - (controller.actions.keys() if controller else set())),
        ("secrets", set(data.get("secrets", ())) - (secrets or {}).keys()),
        ("a config with", set(data.get("callables", ())) - said),
    ):
        if names:
            yield f"{name} {', '.join(sorted(names))}"
    if data.get("output") and output is None:
        yield f"output {data['output']}"


def check_arguments(**given: object) -> None:
    """Raises ConfigError for an argument that is of another kind than it has to be."""
    for name, value in given.items():
        fits, wanted = EXPECTED[name]
        if not fits(value):
            raise ConfigError(f"{name} must be {wanted}, not {_kind(value)}")


def check_workspace(folder: Path | None) -> None:
    """Raises ConfigError for a folder that cannot be one, as a file has its name or that of one above it."""
    above = () if folder is None else (folder, *folder.absolute().parents)
    if (there := next(filter(os.path.exists, above), None)) is not None and not os.path.isdir(there):
        raise ConfigError(f"workspace must be a folder: {there} is a file")


def check_first_actions(controller: Controller, config: AgentConfig) -> None:
    """Raises InvalidSetting for first actions that no page could let be carried out."""
    first, most = config.first_actions, config.max_actions_per_step
    if len(first) > most:
        raise InvalidSetting(f"first_actions are {len(first)}, more than the {most} of max_actions_per_step")
    for call in first:
        if len(call) != 1:
            raise InvalidSetting("first_actions: each is one action under its name, such as {'click': {'ref': ...}}")
        ((name, given),) = call.items()
        if (action := controller.actions.get(name)) is None:
            raise InvalidSetting(
                f"first_actions: there is no action {name!r}; there are {', '.join(controller.actions)}"
            )
        try:
            read(action.parameters, _with_refs(given))
        except ValidationError as error:
            raise InvalidSetting(f"first_actions: {name}: {misfits(error)}. It is used as {action.signature}") from None


def _with_refs(value: Any) -> Any:
    """What is given to an action, with a reference in the place of each mark for an element, as a log keeps it too."""
    if isinstance(value, ElementName):
        return "e1"
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        return "e1" if set(inner) == {"name", "role", "nth"} else {key: _with_refs(one) for key, one in inner.items()}
    return [_with_refs(one) for one in cast("list[Any]", value)] if isinstance(value, (list, tuple)) else value


def _none_or(*kinds: type) -> Callable[[object], bool]:
    return lambda value: value is None or isinstance(value, kinds)


def _all(*kinds: type) -> Callable[[object], bool]:
    def fit(value: object) -> bool:
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            return False
        return all(isinstance(one, kinds) for one in cast("Sequence[object]", value))

    return fit


def _are_secrets(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, Mapping):
        return False
    return all(isinstance(n, str) and isinstance(s, Secret) for n, s in cast("Mapping[object, object]", value).items())


def _are_models(value: object) -> bool:
    return _none_or(str, Model)(value) or (_all(str, Model)(value) and bool(value))


MODELS = "a name such as openai/gpt-6-luna, a Model, or a list of these"
EXPECTED: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "task": (lambda value: isinstance(value, str), "a text"),
    "model": (_are_models, MODELS),
    "page_model": (_are_models, MODELS),
    "start_url": (_none_or(str), "an address as text"),
    "controller": (_none_or(Controller), "a Controller"),
    "output": (lambda value: value is None or _is_model_class(value), "a class derived from pydantic.BaseModel"),
    "secrets": (_are_secrets, "a mapping of names to Secret values"),
    "files": (_all(str, Path), "a list of paths"),
    "images": (_all(Image, Path), "a list of Images and paths"),
    "config": (_none_or(AgentConfig), "an AgentConfig"),
    "text": (lambda value: isinstance(value, str), "a text"),
    "run_id": (lambda value: isinstance(value, str), "the id of a run, its beginning, or last"),
    "store to resume from": (_none_or(RunStore), "a RunStore or None for the default one"),
    "store": (lambda value: value is None or value is False or isinstance(value, RunStore), "a RunStore or False"),
}
"""What the arguments of an agent have to be, and how that is told."""


def _is_model_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _kind(value: object) -> str:
    """What a value is, without showing it: it may be a secret."""
    return f"the class {value.__name__}" if isinstance(value, type) else type(value).__name__
