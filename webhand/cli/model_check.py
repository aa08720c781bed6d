"""`webhand models check`."""

import asyncio
import io
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from pydantic import BaseModel, Field

from webhand.cli.codes import DONE, FAILED
from webhand.cli.options import ApiKeyEnv, AsJson, BaseUrl, ModelTimeout, chosen_model

if TYPE_CHECKING:
    from webhand.llm.model import Completion, Model

WORD = "lighthouse"
COLOUR = "green"
TASK = (
    f"Copy this word: {WORD}. Then name the colour of the picture that comes with this message; "
    "if none comes with it, say none."
)
State = Literal["yes", "no", "-"]
MARKS = {"yes": ("✓", "ok", "green"), "no": ("✗", "no", "red"), "-": ("–", "-", "dim")}


class Seen(BaseModel):
    """What the model is asked for."""

    word: str = Field(description="the word, copied")
    colour: Literal["red", "green", "blue", "yellow", "none"]


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The model, as PROVIDER/NAME.")],
    base_url: BaseUrl = None,
    api_key_env: ApiKeyEnv = None,
    model_timeout: ModelTimeout = None,
    as_json: AsJson = False,
) -> None:
    """Ask a model one small question with a picture, and say what worked.

    Exits with 0 when all did, 1 when the answer is wrong, 2 when the set-up is, 4 when the vendor failed.
    """
    from webhand.llm.retry import RetryPolicy

    model = chosen_model(name, base_url, api_key_env, model_timeout, {"retry": RetryPolicy(attempts=2, budget=30.0)})
    done = asyncio.run(_asked(model))
    findings = _findings(model, done)
    good = all(state != "no" for state, _ in findings.values())
    if as_json:
        told = {what: {"state": state, "found": found} for what, (state, found) in findings.items()}
        usage = done.usage.model_dump() | {"cost": None if done.cost is None else str(done.cost)}
        typer.echo(json.dumps({"model": done.model, "ok": good, "checks": told, "usage": usage}, indent=2))
    else:
        _print(done.model, findings)
    raise typer.Exit(DONE if good else FAILED)


async def _asked(model: "Model") -> "Completion[Seen]":
    from webhand.llm.messages import Image, Text, UserMessage

    try:
        return await model.complete([UserMessage([Text(TASK), Image(data=_picture(), detail="low")])], Seen)
    finally:
        await model.aclose()


def _picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (128, 128), COLOUR).save(file, "PNG")
    return file.getvalue()


def _findings(model: "Model", done: "Completion[Seen]") -> dict[str, tuple[State, str]]:
    """What worked, in the order in which one thing needs the other."""
    seen, usage = done.output, done.usage
    word = seen.word.strip().strip(".\"'").lower()
    told: State = "-" if usage.prompt is None and usage.completion is None else "yes"
    return {
        "text": ("yes" if word == WORD else "no", repr(seen.word)),
        "structure": ("yes", done.rung or "in its own way"),
        "picture": _sight(model, seen),
        "usage": (told, _tokens(done)),
        "time": ("yes", f"{done.seconds:.1f} s"),
        "cost": ("-", "not known") if done.cost is None else ("yes", f"US$ {done.cost.normalize():f}"),
    }


def _sight(model: "Model", seen: Seen) -> tuple[State, str]:
    if not model.abilities.vision:
        return "-", "this model reads text only"
    return ("yes", seen.colour) if seen.colour == COLOUR else ("no", f"it is {COLOUR}, the model says {seen.colour}")


def _tokens(done: "Completion[Any]") -> str:
    usage = done.usage
    if usage.prompt is None and usage.completion is None:
        return "not told"
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    thought = f" ({usage.reasoning:,} thought)" if usage.reasoning else ""
    return f"{usage.prompt or 0:,} in{cached}, {usage.completion or 0:,} out{thought}"


def _print(name: str, findings: dict[str, tuple[State, str]]) -> None:
    from rich.console import Console
    from rich.text import Text

    from webhand.cli.terminal import one_line

    console = Console(highlight=False)
    unicode = console.encoding.lower().startswith("utf")
    console.print(Text(name, "bold"))
    for what, (state, found) in findings.items():
        sign, plain, colour = MARKS[state]
        console.print(Text.assemble((f"  {sign if unicode else plain:<2} ", colour), f"{what:<10} {one_line(found)}"))
