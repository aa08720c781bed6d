"""Ending a run."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model

from webhand.controller.action import Action, ActionResult, Family

family = Family()


@family.action(changes=False, terminates=True)
async def done(answer: str, success: bool = True) -> ActionResult:
    """End the run: answer says what was asked for, success whether the whole task is done."""
    return _ended(answer, {"answer": answer, "success": success})


def done_with(output: type[BaseModel], action: Action) -> Action:
    """`done` with a value of this model in place of a text; `data` holds it as plain JSON."""

    async def done(output: BaseModel, success: bool = True) -> ActionResult:
        plain: Any = output.model_dump(mode="json", by_alias=True, round_trip=True)
        return _ended(output.model_dump_json(), {"output": plain, "success": success})

    parameters = create_model(
        "done_parameters", __config__=ConfigDict(extra="forbid"), output=(output, ...), success=(bool, True)
    )
    description = "end the run: output holds what was asked for, success says whether the whole task is done"
    return replace(action, parameters=parameters, handler=done, description=description)


def _ended(text: str, data: dict[str, Any]) -> ActionResult:
    return ActionResult(action="done", ok=True, text=text, data=data, ends="run")
