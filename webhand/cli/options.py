"""Options that several commands share."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from webhand.browser import BrowserConfig
    from webhand.llm.model import Model
    from webhand.store import RunStore

ModelName = Annotated[
    str | None,
    typer.Option("--model", "-m", metavar="PROVIDER/NAME", help="Who decides; `offline` needs no key."),
]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="Another server that speaks the provider's API.")]
ApiKeyEnv = Annotated[str | None, typer.Option(metavar="VARIABLE", help="Read the key from this variable.")]
ModelTimeout = Annotated[float | None, typer.Option(metavar="SECONDS", help="Time for one call of the model.")]
Headed = Annotated[bool, typer.Option("--headed", help="Show the browser's window.")]
Allow = Annotated[
    list[str] | None,
    typer.Option("--allow", metavar="SITE", help="Connect to this site alone, *.SITE for those below too. Repeatable."),
]
StateName = Annotated[
    str | None, typer.Option("--state", metavar="NAME", help="Begin as `webhand state save NAME` left it.")
]
MaxSteps = Annotated[int | None, typer.Option(min=1, metavar="N", help="End after so many steps.")]
Vision = Annotated[
    Literal["auto", "always", "never"] | None, typer.Option(help="When the model is shown a picture of the page.")
]
Extra = Annotated[str | None, typer.Option(metavar="TEXT", help="More rules for the model.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object and nothing else.")]
Files = Annotated[list[Path] | None, typer.Option("--file", metavar="PATH", help="A file it may upload; repeatable.")]
Secrets = Annotated[
    list[str] | None,
    typer.Option(
        "--secret",
        metavar="NAME=env:VARIABLE[@SITE]",
        help="A value that no model sees, for this site or that of --url; totp:env:VARIABLE makes one-time codes of a "
        "key. Repeatable.",
    ),
]
Ask = Annotated[
    bool | None,
    typer.Option("--ask/--no-ask", help="Let it ask you, on standard input; by default where that is a terminal."),
]
Approves = Annotated[bool, typer.Option("--approve", help="Be asked before what looks as if it could not be undone.")]
PauseOn = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WALL,…",
        help="Hand these to you, in the window of --headed: captcha, bot-check, consent, sign-in. Repeatable.",
    ),
]


def limits(max_steps: int | None, vision: str | None, extra: str | None) -> dict[str, object]:
    """The settings of an agent among the options, without those that were not given."""
    given = {"max_steps": max_steps, "vision": vision, "extra_instructions": extra}
    return {name: value for name, value in given.items() if value is not None}


def chosen_model(
    name: str | None,
    base_url: str | None,
    api_key_env: str | None,
    model_timeout: float | None,
    way: Mapping[str, Any] | None = None,
) -> "Model":
    """The model that the options mean, else the one that is set; ConfigError when there is none.

    `way` is how it was reached before; options win.
    """
    from webhand.errors import ConfigError
    from webhand.llm.catalog import get_model
    from webhand.settings import require_model

    if model_timeout is not None and not 0 < model_timeout < math.inf:
        raise ConfigError(f"--model-timeout must be a number of seconds above 0, not {model_timeout:g}")
    named = require_model(name)
    more: dict[str, Any] = {"base_url": base_url, "timeout": model_timeout, "api_key_env": api_key_env}
    given = dict(way or {}) | {option: value for option, value in more.items() if value is not None}
    compatible = any(one.strip().startswith("compatible/") for one in named.split(","))
    if compatible and not given.keys() & {"base_url", "ways"}:  # with `ways` each of several has its own
        raise ConfigError(
            f"{named} needs --base-url, such as http://127.0.0.1:8000/v1"
            if "," not in named
            else f"{named} names several models, and the address that compatible/ needs can be told for one alone: "
            "name it by itself with --base-url, or make each in Python and give them to FallbackModel"
        )
    return get_model(named, **given)


def browser_config(allow: Sequence[str] | None, **given: Any) -> "BrowserConfig":
    """The settings of a browser; ConfigError for such as cannot be together."""
    from webhand.browser import BrowserConfig

    return BrowserConfig.checked(given | ({"allowed": allow, "strict_subresources": True} if allow else {}))


def state_file(name: str | None) -> Path | None:
    """The file of the state that is named; ConfigError when there is none of that name, or it is damaged."""
    from webhand.browser.storage import Storage
    from webhand.cli.states import State
    from webhand.errors import ConfigError

    if name is None:
        return None
    file = State(name).found()
    try:
        Storage.model_validate(json.loads(file.read_bytes()))
    except (ValueError, RecursionError):
        raise ConfigError(f"{file} is damaged; webhand state save {name} URL makes it anew") from None
    return file


def kept_runs() -> "RunStore":
    """The store in the data folder that is set."""
    from webhand.settings import load_settings
    from webhand.store import RunStore

    return RunStore(load_settings().home)
