"""`webhand models check`."""

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from pydantic import BaseModel, Field

from webhand.cli.codes import DONE, FAILED
from webhand.cli.options import ApiKeyEnv, AsJson, BaseUrl, ModelTimeout, chosen_model

if TYPE_CHECKING:
    from webhand.errors import LLMError
    from webhand.llm.messages import UserMessage
    from webhand.llm.model import Completion, Model

WORD = "lighthouse"
COLOUR = "green"
TASK = (
    f"Copy this word: {WORD}. Then name the colour of the picture that comes with this message; "
    "if none comes with it, say none."
)
LONGEST = 500
"""Characters of an answer, or of an error about it, that are shown."""
State = Literal["yes", "no", "-"]
MARKS = {"yes": ("✓", "ok", "green"), "no": ("✗", "no", "red"), "-": ("–", "-", "dim")}


class Seen(BaseModel):
    """What the model is asked for."""

    word: str = Field(description="the word, copied")
    colour: str = Field(description="the colour's name in English, or none")


Findings = Mapping[str, tuple[State, str]]


@dataclass(frozen=True)
class Checked:
    """What was found out about a model, in the order in which one thing needs the other, and what it took."""

    findings: Findings
    last: "Completion[Any]"


def check(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The model, as PROVIDER/NAME.")],
    base_url: BaseUrl = None,
    api_key_env: ApiKeyEnv = None,
    model_timeout: ModelTimeout = None,
    as_json: AsJson = False,
) -> None:
    """Ask a model one small question with a picture, and say what worked.

    Where that fails, smaller questions find out what works. Exits with 0 when all did, 1 when something did not, 2 when
    the set-up is wrong, 4 when there was no answer at all.
    """
    from webhand.llm.retry import RetryPolicy

    model = chosen_model(name, base_url, api_key_env, model_timeout, {"retry": RetryPolicy(attempts=2, budget=30.0)})
    checked = asyncio.run(_checked(model))
    done = checked.last
    findings: Findings = {what: (state, _cut(found)) for what, (state, found) in checked.findings.items()}
    good = all(state != "no" for state, _ in findings.values())
    if as_json:
        told = {what: {"state": state, "found": found} for what, (state, found) in findings.items()}
        usage = done.usage.model_dump() | {"cost": None if done.cost is None else str(done.cost)}
        typer.echo(json.dumps({"model": done.model, "ok": good, "checks": told, "usage": usage}, indent=2))
    else:
        _print(done.model, findings)
    raise typer.Exit(DONE if good else FAILED)


async def _checked(model: "Model") -> Checked:
    from webhand.errors import BadRequest, ContentBlocked, OutputInvalid, Refused

    try:
        done = await model.complete([_question(picture=True)], Seen)
        return Checked(_findings(model, done), done)
    except (BadRequest, OutputInvalid, Refused, ContentBlocked) as error:
        return await _narrowed(model, error)
    finally:
        await model.aclose()


async def _narrowed(model: "Model", why: "LLMError") -> Checked:
    """What works of a question that failed as a whole; raises the error of one that is text alone."""
    from webhand.errors import LLMError

    said = await model.complete([_question(picture=False)])
    findings: dict[str, tuple[State, str]] = {"text": ("yes" if WORD in said.text.lower() else "no", repr(said.text))}
    try:
        done = await model.complete([_question(picture=False)], Seen)
    except LLMError as error:
        return Checked({**findings, "structure": ("no", str(error)), "picture": ("-", "not tried")}, said)
    return Checked({**_findings(model, done), "picture": ("no", str(why))}, done)


def _question(*, picture: bool) -> "UserMessage":
    from webhand.llm.messages import Image, Text, UserMessage

    return UserMessage([Text(TASK), *([Image(data=_picture(), detail="low")] if picture else [])])


def _picture() -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (128, 128), COLOUR).save(file, "PNG")
    return file.getvalue()


def _findings(model: "Model", done: "Completion[Seen]") -> Findings:
    """What worked of a question that was answered."""
    seen, usage = done.output, done.usage
    word = seen.word.strip().strip(".\"'").lower()
    told: State = "-" if usage.prompt is None and usage.completion is None else "yes"
    return {
        "text": ("yes" if word == WORD else "no", repr(seen.word)),
        "structure": ("yes", done.rung or "in its own way"),
        "picture": _sight(_answered(model, done.model), seen),
        "usage": (told, _tokens(done)),
        "time": ("yes", f"{done.seconds:.1f} s"),
        "cost": ("-", "not known") if done.cost is None else ("yes", f"US$ {done.cost.normalize():f}"),
    }


def _answered(model: "Model", name: str) -> "Model":
    """The one that answered, where they are several."""
    from webhand.llm.fallback import FallbackModel

    several = model.models if isinstance(model, FallbackModel) else ()
    return next((one for one in several if one.name == name), model)


def _sight(model: "Model", seen: Seen) -> tuple[State, str]:
    if not model.abilities.vision:
        return "-", "this model reads text only"
    return (
        ("yes", seen.colour)
        if COLOUR in seen.colour.lower()
        else ("no", f"it is {COLOUR}, the model says {seen.colour}")
    )


def _tokens(done: "Completion[Any]") -> str:
    usage = done.usage
    if usage.prompt is None and usage.completion is None:
        return "not told"
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    thought = f" ({usage.reasoning:,} thought)" if usage.reasoning else ""
    return f"{usage.prompt or 0:,} in{cached}, {usage.completion or 0:,} out{thought}"


def _cut(found: str) -> str:
    """On one line, and no longer than somebody reads."""
    from webhand.cli.terminal import one_line

    line = one_line(found[: 2 * LONGEST])
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _print(name: str, findings: Findings) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    unicode = console.encoding.lower().startswith("utf")
    console.print(Text(name, "bold"))
    for what, (state, found) in findings.items():
        sign, plain, colour = MARKS[state]
        console.print(Text.assemble((f"  {sign if unicode else plain:<2} ", colour), f"{what:<10} {found}"))
