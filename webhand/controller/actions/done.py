"""Ending a run."""

import csv
import json
from dataclasses import replace
from io import StringIO
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import PydanticSerializationError, to_json

from webhand.controller.action import Action, ActionContext, ActionResult, Family, make_action, misfits
from webhand.controller.given import as_given, read
from webhand.errors import ActionError, InvalidArguments

family = Family()


@family.action(changes=False, terminates=True)
async def done(context: ActionContext, answer: str, success: bool = True) -> ActionResult:
    """End the run."""
    await _accepted(context, answer, success)
    return _ended(answer, {"answer": answer, "success": success})


def done_with(model: type[BaseModel], action: Action) -> Action:
    """`done` with a value of this model in place of a text; `data` holds it as plain JSON."""

    async def done(context: ActionContext, output: Any, success: bool = True) -> ActionResult:
        return await _ended_with(context, read(model, output), output, success)

    parameters = create_model(
        "done_parameters", __config__=ConfigDict(extra="forbid"), output=(as_given(model), ...), success=(bool, True)
    )
    description = "end the run: output holds what was asked for, success says whether the whole task is done"
    return replace(action, parameters=parameters, handler=done, description=description)


def done_with_file(output: type[BaseModel]) -> Action:
    """`done` with a value of this model that a file of the run holds: nobody should have to write 500 rows again."""

    async def done_with_file(context: ActionContext, name: str, success: bool = True) -> ActionResult:
        try:
            text = context.room.readable(name).read_text("utf-8")
            given = _in_shape(_rows(text) if name.endswith(".csv") else _json(text), output)
            value = read(output, given)
        except ValidationError as wrong:
            raise InvalidArguments(f"{name} does not hold what was asked for: {misfits(wrong)}") from None
        except ValueError as wrong:
            raise InvalidArguments(f"{name} holds no JSON: {wrong}") from None
        return await _ended_with(context, value, given, success)

    description = "End the run; a file holds the output: JSON, or a list a line, as extract adds them, or CSV."
    return make_action(done_with_file, description, changes=False, terminates=True)


def takes_lists(output: type[BaseModel]) -> bool:
    """Whether a value of this model holds a list, which may be long."""
    return '"array"' in json.dumps(output.model_json_schema())


def _json(text: str) -> Any:
    """The value of a text; of one with a value in each line all of them, lists put together."""
    try:
        return json.loads(text)
    except ValueError:
        values = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [one for value in values for one in (cast("list[Any]", value) if isinstance(value, list) else [value])]


def _rows(text: str) -> list[dict[str, str | None]]:
    """The rows of a table with headings; an empty cell is nothing."""
    return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(StringIO(text))]


def _in_shape(value: Any, output: type[BaseModel]) -> Any:
    """A list as the one field of the model that there is."""
    names = [field.alias or name for name, field in output.model_fields.items() if name != "root"]
    return {names[0]: cast("Any", value)} if isinstance(value, list) and len(names) == 1 else cast("Any", value)


async def _ended_with(context: ActionContext, value: BaseModel, given: Any, success: bool) -> ActionResult:
    await _accepted(context, value, success)
    try:
        text = value.model_dump_json()
    except PydanticSerializationError:  # the model cannot be written
        text = to_json(given).decode()
    return _ended(text, {"output": given, "success": success})


async def _accepted(context: ActionContext, value: str | BaseModel, success: bool) -> None:
    """Raises ActionError for a success that somebody checks and does not find so; a failure is always believed."""
    if success and context.accept is not None and (problem := await context.accept(value)):
        raise ActionError(f"not accepted: {problem}")


def _ended(text: str, data: dict[str, Any]) -> ActionResult:
    return ActionResult(action="done", ok=True, text=text, data=data, ends="run")
