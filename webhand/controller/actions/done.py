"""Ending a run."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from webhand.controller.action import Action, ActionContext, ActionResult, Family
from webhand.errors import ActionError

family = Family()


@family.action(changes=False, terminates=True)
async def done(context: ActionContext, answer: str, success: bool = True) -> ActionResult:
    """End the run."""
    await _accepted(context, answer, success)
    return _ended(answer, {"answer": answer, "success": success})


def done_with(output: type[BaseModel], action: Action) -> Action:
    """`done` with a value of this model in place of a text; `data` holds it as plain JSON."""

    async def done(context: ActionContext, output: BaseModel, success: bool = True) -> ActionResult:
        await _accepted(context, output, success)
        plain: Any = output.model_dump(mode="json", by_alias=True, round_trip=True)
        return _ended(output.model_dump_json(), {"output": plain, "success": success})

    parameters = create_model(
        "done_parameters", __config__=ConfigDict(extra="forbid"), output=(output, ...), success=(bool, True)
    )
    description = "end the run: output holds what was asked for, success says whether the whole task is done"
    return replace(action, parameters=parameters, handler=done, description=description)


async def _accepted(context: ActionContext, value: str | BaseModel, success: bool) -> None:
    """Raises ActionError for a success that somebody checks and does not find so; a failure is always believed."""
    if success and context.accept is not None and (problem := await context.accept(value)):
        raise ActionError(f"not accepted: {problem}")


def _ended(text: str, data: dict[str, Any]) -> ActionResult:
    return ActionResult(action="done", ok=True, text=text, data=data, ends="run")
