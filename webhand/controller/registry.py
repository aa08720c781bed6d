"""The controller: which actions there are, and how a model asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from typing import Any

from pydantic import BaseModel, RootModel, create_model

from webhand.browser import Tab
from webhand.controller.action import Action, ActionCall, ActionContext, ActionResult, Handler, make_action, make_model
from webhand.controller.actions import DEFAULT, OPTIONAL
from webhand.controller.actions.done import done_with, done_with_file, takes_lists
from webhand.controller.execute import Limits, execute, execute_all
from webhand.controller.given import as_given
from webhand.errors import ConfigError

ACTION_LIMIT = 90.0
"""Seconds that one action may take."""


class Controller:
    """The actions of a run: the default ones, less those left out, and your own.

    `only` names the default actions to have, `without` those not to have, `also` those to have besides that are off
    else: `evaluate`, which runs a script of the model's in the page. `action_timeout` is in seconds.
    """

    def __init__(
        self,
        *,
        only: Collection[str] | None = None,
        without: Collection[str] = (),
        also: Collection[str] = (),
        action_timeout: float = ACTION_LIMIT,
    ) -> None:
        known = {action.name for action in DEFAULT}
        for name in (*(only or ()), *without):
            if name not in known:
                raise ConfigError(f"there is no default action {name!r}; there are {', '.join(sorted(known))}")
        optional = {action.name: action for action in OPTIONAL}
        if unknown := [name for name in also if name not in optional]:
            raise ConfigError(f"there is no action {unknown[0]!r} to have besides; there are {', '.join(optional)}")
        self.action_timeout = action_timeout
        self._actions = {
            action.name: action
            for action in DEFAULT
            if (only is None or action.name in only) and action.name not in without
        } | {name: optional[name] for name in also}

    @property
    def actions(self) -> Mapping[str, Action]:
        """All actions by name, in the order in which a model reads them."""
        return self._actions

    def action(self, description: str, **more: Any) -> Callable[[Handler], Handler]:
        """Add the decorated async function as an action.

        Its parameters come from the signature; those typed ActionContext, Tab or Browser are filled in and not shown
        to the model. Keywords: `name, origins, approve, changes, terminates, person`, see `Action`.
        """

        def add(handler: Handler) -> Handler:
            made = make_action(handler, description, **more)
            self._actions = self._actions | {made.name: made}
            return handler

        return add

    def action_model(self, output: type[BaseModel] | None = None) -> type[BaseModel]:
        """The pydantic model of one keyed action, such as `{"click": {"ref": "e12"}}`.

        With `output`, `done` takes one of these in place of a text.
        """
        if not self._actions:
            raise ConfigError("the controller has no actions; leave fewer out, or add your own")
        variants = [_keyed(action) for action in self.with_output(output).actions.values()]
        union: Any = reduce(lambda one, other: one | other, variants)
        return create_model("Action", __base__=RootModel[union])

    def schema(self, output: type[BaseModel] | None = None) -> dict[str, Any]:
        """The JSON schema of one action: `anyOf` of objects with one key each."""
        return self.action_model(output).model_json_schema()

    def with_output(self, output: type[BaseModel] | None) -> Controller:
        """This controller, with a `done` that takes an `output`, or a file that holds one where it has lists."""
        if output is None or "done" not in self._actions:
            return self
        ends = {"done": done_with(output, self._actions["done"])}
        if "save" in self._actions and takes_lists(output):
            ends["done_with_file"] = done_with_file(output)
        return self._with(self._actions | ends)

    def without_people(self) -> Controller:
        """This controller, without the actions that need somebody to answer."""
        return self._with({name: action for name, action in self._actions.items() if not action.person})

    def _with(self, actions: Mapping[str, Action]) -> Controller:
        other = Controller(action_timeout=self.action_timeout)
        other._actions = dict(actions)
        return other

    async def execute(
        self, call: ActionCall | Mapping[str, Any], tab: Tab, context: ActionContext | None = None
    ) -> ActionResult:
        """Carry one action out; never raises what an action can run into: the result says it."""
        return await execute(self._actions, call, tab, context or ActionContext(), self.action_timeout)

    async def execute_all(
        self, calls: Sequence[ActionCall], tab: Tab, context: ActionContext | None = None, within: float | None = None
    ) -> tuple[ActionResult, ...]:
        """Carry the actions of one decision out, up to the first after which the rest would act blindly.

        `within` is the time (seconds) for all of them together.
        """
        limits = Limits(self.action_timeout, within)
        return await execute_all(self._actions, calls, tab, context or ActionContext(), limits)


def _keyed(action: Action) -> type[BaseModel]:
    return make_model(f"{action.name}_action", {action.name: (as_given(action.parameters), ...)})
