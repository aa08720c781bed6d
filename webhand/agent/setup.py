"""What a run is made with, checked before anything is started: the arguments of an agent, resolved."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from webhand.agent import prompt
from webhand.agent.arguments import check_arguments, check_first_actions, check_workspace, lacking
from webhand.agent.cautions import warn
from webhand.agent.config import AgentConfig
from webhand.agent.decision import answer_model
from webhand.agent.follow import Before, whose_workspace
from webhand.agent.resume import refuse_done
from webhand.browser import Element, Observation
from webhand.controller import Controller
from webhand.controller.actions import DEFAULT
from webhand.controller.origin import origin_of
from webhand.controller.redact import NAME, redacted, without_secrets
from webhand.errors import ConfigError, RunNotFound, UnknownProvider
from webhand.events import Event
from webhand.llm.catalog import get_model
from webhand.llm.fallback import FallbackModel, way_of
from webhand.llm.messages import Image, SystemMessage
from webhand.llm.model import Model
from webhand.secrets import Secret
from webhand.settings import require_model
from webhand.store import RunLog, RunStore

Models = str | Model | Sequence[str | Model] | None
"""A name, a model, or several of them: one after the other until one answers."""
PATH = re.compile(r"(?<![\w:/])(?:/|[A-Za-z]:\\)[^\s\"'<>|]+")
"""An absolute path as it stands in a task."""


@dataclass(frozen=True)
class Setup:
    """Everything that a run needs besides its browser; `answer` is what the model has to answer in each step."""

    task: str
    model: Model
    page_model: Model
    start_url: str | None
    controller: Controller
    output: type[BaseModel] | None
    secrets: Mapping[str, Secret]
    files: tuple[Path, ...]
    images: tuple[Image, ...]
    config: AgentConfig
    store: RunStore
    rules: SystemMessage
    answer: type[BaseModel]
    owns_model: bool
    owns_page_model: bool
    owns_store: bool

    @classmethod
    def of(
        cls,
        task: str,
        model: Models,
        start_url: str | None,
        controller: Controller | None,
        output: type[BaseModel] | None,
        secrets: Mapping[str, Secret] | None,
        files: Sequence[Path | str],
        images: Sequence[Image | Path],
        page_model: Models,
        config: AgentConfig | None,
        store: RunStore | bool | None,
    ) -> Setup:
        """The set-up that these arguments of an agent mean; ConfigError for what cannot work."""
        check_arguments(
            task=task,
            model=model,
            start_url=start_url,
            controller=controller,
            output=output,
            secrets=secrets,
            files=files,
            images=images,
            page_model=page_model,
            config=config,
            store=store,
        )
        if not task.strip():
            raise ConfigError("the task is empty; say in a sentence what is to be done")
        bound = _bound(secrets or {}, start_url)
        warn(f"{task} {start_url or ''}", bound)
        made = _made(model)
        config = _unwritten(config or AgentConfig(), bound)
        actions = (controller or Controller()).with_output(output)
        actions = actions if config.ask is not None else actions.without_people()
        check_first_actions(actions, config)
        check_workspace(config.workspace)
        listed = [Path(file).expanduser() for file in files]
        missing = [path for path in listed if not path.is_file()]
        if missing:
            raise ConfigError(f"there is no file {missing[0]}; files lists what the agent may upload")
        return cls(
            task=redacted(task.strip(), bound),
            model=made,
            page_model=made if page_model is None else _made(page_model),
            start_url=start_url,
            controller=actions,
            output=output,
            secrets=bound,
            files=(*listed, *_files_named(task)),
            images=tuple(_picture(one) for one in images),
            config=config,
            store=store if isinstance(store, RunStore) else RunStore.in_memory() if store is False else RunStore(),
            rules=prompt.rules(actions, config),
            answer=answer_model(actions, config),
            owns_model=made is not model,
            owns_page_model=page_model is not None and not isinstance(page_model, Model),
            owns_store=not isinstance(store, RunStore),
        )

    @classmethod
    def again(
        cls,
        events: Sequence[Event],
        model: Models,
        controller: Controller | None,
        output: type[BaseModel] | None,
        secrets: Mapping[str, Secret] | None,
        page_model: Models,
        config: AgentConfig | None,
        store: RunStore,
    ) -> Setup:
        """The set-up of a run of old; ConfigError names what the log cannot hold and was not given again."""
        if not events or events[0].type != "run.started":
            raise RunNotFound("the run's log has no beginning")
        data = events[0].data
        refuse_done(events)
        if missing := list(lacking(data, controller, output, secrets, config)):
            raise ConfigError(f"the run was started with {' and '.join(missing)}; give resume the same again")
        files = [path for path in map(Path, data.get("files", ())) if path.is_file()]
        try:
            images = [Image(**one) for one in data.get("images", ())]
            old = config or AgentConfig.model_validate(data.get("config", {}))
        except ValidationError as error:
            raise ConfigError(
                f"the run's settings are of another version: {error.errors()[0]['msg']}; give config"
            ) from None
        made = _made_again("model", model, data.get("model"), data.get("way"))
        helper = _made_again("page_model", page_model, data.get("page_model"), data.get("page_way"))
        start_url = data.get("start_url")
        again = cls.of(data["task"], made, start_url, controller, output, secrets, files, images, helper, old, store)
        owns = {"owns_model": again.model is not model, "owns_page_model": helper is not page_model}
        return replace(again, **owns)

    def following(self, task: str, before: Before | None) -> Setup:
        """The set-up of a task that follows this one: it begins where the run before ended.

        Where there was none, the task stands in the place of this one. One that ended before its first step left
        nothing to go on from but the start page.
        """
        if not task.strip():
            raise ConfigError("the task is empty; say in a sentence what is to be done")
        warn(task, {})
        files = tuple(dict.fromkeys((*self.files, *_files_named(task))))
        again = replace(self, task=redacted(task.strip(), self.secrets), files=files)
        if before is None:
            return again
        config = self.config.model_copy(update={"first_actions": ()})
        start_url = None if before.steps else self.start_url
        return replace(again, start_url=start_url, images=(), config=config)

    @property
    def started(self) -> dict[str, Any]:
        """What the run's first event holds."""
        default = {action.name for action in DEFAULT}
        own = [name for name in self.controller.actions if name not in default]
        told = {
            "model": self.model.name,
            "way": way_of(self.model),
            "start_url": self.start_url,
            "page_model": None if self.page_model is self.model else self.page_model.name,
            "page_way": way_of(self.page_model),
            "config": self.config.model_dump(mode="json"),
            "callables": self.config.callables,
            "approve": "ask" if self.config.approve == "ask" else None,
            "files": [str(path.resolve()) for path in self.files],
            "images": [_plain(image) for image in self.images],
            "controller": own,
            "output": self.output and self.output.__name__,
            "secrets": sorted(self.secrets),
        }
        return without_secrets(told, self.secrets)

    @property
    def owned_models(self) -> tuple[Model, ...]:
        """The models that were made for this run, to be closed with it."""
        owned = ((self.model, self.owns_model), (self.page_model, self.owns_page_model))
        return tuple(model for model, is_own in owned if is_own)

    def workspace(self, log: RunLog) -> Path:
        """The folder for files of a run."""
        return self.config.workspace or self.store.folder / "workspaces" / whose_workspace(log)

    @property
    def bound_secrets(self) -> tuple[Secret, ...]:
        """The secrets with their sites as browsers write them."""
        return tuple(one.bound_to([origin_of(site) for site in one.origins]) for one in self.secrets.values())

    def without_secrets(self, seen: Observation) -> Observation:
        """The look with the secrets' values taken out of all its texts."""
        return _veiled(seen, self.secrets) if self.secrets else seen


def _made(model: Models) -> Model:
    """The model that is meant; several of them in the place of one."""
    if isinstance(model, Sequence) and not isinstance(model, str):
        return FallbackModel(model)
    return model if isinstance(model, Model) else get_model(require_model(model))


def _made_again(what: str, given: Models, name: str | None, way: Mapping[str, Any] | None) -> Models:
    """The model of a run of old: the one that is given, else the one that the log names, reached as then."""
    if given is not None or name is None:
        return given
    try:
        return get_model(name, **way or {})
    except UnknownProvider as error:
        told = f"the run's {what} {name} cannot be made from its name; give {what} ({error})"
        raise ConfigError(told) from None


def _files_named(task: str) -> tuple[Path, ...]:
    """The files whose absolute paths stand in a task."""
    named = (Path(found[0].rstrip(".,;:)")) for found in PATH.finditer(task))
    return tuple(path for path in named if path.is_file())


def _bound(secrets: Mapping[str, Secret], start_url: str | None) -> dict[str, Secret]:
    """The secrets, each with the sites that may get it: those it names, else the start page's."""
    start = origin_of(start_url or "")
    bound: dict[str, Secret] = {}
    for name, secret in secrets.items():
        if not NAME.fullmatch(name):
            raise ConfigError(f"a secret cannot be called {name!r}: <secret:NAME> takes no spaces, < and >")
        if not secret.origins and not start:
            raise ConfigError(f"secret {name!r} belongs to no site; give it origins, or the agent a start_url")
        bound[name] = secret if secret.origins else secret.bound_to([start])
    return bound


def _veiled(seen: Observation, secrets: Mapping[str, Secret]) -> Observation:
    def veil(text: str) -> str:
        return redacted(text, secrets)

    return replace(
        seen,
        url=veil(seen.url),
        title=veil(seen.title),
        text=veil(seen.text),
        tabs=tuple(replace(tab, url=veil(tab.url), title=veil(tab.title)) for tab in seen.tabs),
        elements={ref: _veiled_element(one, veil) for ref, one in seen.elements.items()},
        dialog=None if seen.dialog is None else replace(seen.dialog, message=veil(seen.dialog.message)),
        notices=tuple(veil(notice) for notice in seen.notices),
        partial=tuple(veil(problem) for problem in seen.partial),
    )


def _veiled_element(one: Element, veil: Callable[[str], str]) -> Element:
    texts = (one.name, one.value or "", one.frame, one.cover or "", one.label, one.drawn, *one.options)
    if veil("\0".join((*texts, *one.attributes.values()))) == "\0".join((*texts, *one.attributes.values())):
        return one
    return replace(
        one,
        name=veil(one.name),
        value=None if one.value is None else veil(one.value),
        frame=veil(one.frame),
        attributes={name: veil(value) for name, value in one.attributes.items()},
        options=tuple(map(veil, one.options)),
        cover=None if one.cover is None else veil(one.cover),
        label=veil(one.label),
        drawn=veil(one.drawn),
    )


def _unwritten(config: AgentConfig, secrets: Mapping[str, Secret]) -> AgentConfig:
    """The settings without a value that somebody wrote into the instructions."""
    said = config.extra_instructions
    return config.model_copy(update={"extra_instructions": redacted(said, secrets)}) if said and secrets else config


def _picture(given: Image | Path) -> Image:
    image = given if isinstance(given, Image) else Image(path=given.expanduser())
    if image.path is not None and not image.path.is_file():
        raise ConfigError(f"there is no picture {image.path}")
    return image


def _plain(image: Image) -> dict[str, Any]:
    """The picture as the log keeps it; one that is given as bytes becomes a `data:` address."""
    kept = image.model_dump(mode="json", exclude={"data"}, exclude_none=True)
    if image.data is not None:
        kind = image.media_type or "application/octet-stream"
        kept["url"] = f"data:{kind};base64,{base64.b64encode(image.data).decode()}"
    if image.path is not None:
        kept["path"] = str(image.path.resolve())
    return kept
