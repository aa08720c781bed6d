"""`webhand snapshot`."""

import asyncio
import json
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhand.cli.options import AsJson, Headed, StateName, state_file
from webhand.errors import ConfigError

if TYPE_CHECKING:
    from webhand.browser import Observation


FORMATS = {"": None, ".jpg": None, ".jpeg": None, ".png": "PNG", ".webp": "WEBP"}
"""What a picture is turned into, by the end of its file's name; a look's is a JPEG."""


def snapshot(
    url: Annotated[str, typer.Argument(help="The page to look at.")],
    picture: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Write the picture that goes with it to this file.")
    ] = None,
    budget: Annotated[int | None, typer.Option(min=200, metavar="TOKENS", help="Length of the text at most.")] = None,
    headed: Headed = False,
    state: StateName = None,
    as_json: AsJson = False,
) -> None:
    """Print what a model would see of a page."""
    from webhand.agent.prompt import seen_text

    if picture is not None:
        _check_place(picture)
    seen = asyncio.run(_look(url, picture is not None, budget, headed, state_file(state)))
    if picture is not None and seen.screenshot is not None:
        _write(picture, seen.screenshot)
    typer.echo(json.dumps(_as_json(seen), indent=2, ensure_ascii=False) if as_json else seen_text(seen))


def _check_place(picture: Path) -> None:
    if picture.is_dir():
        raise ConfigError(f"--picture {picture} is a folder")
    if not picture.parent.is_dir():
        raise ConfigError(f"--picture {picture}: there is no folder {picture.parent}")
    if picture.suffix.lower() not in FORMATS:
        raise ConfigError(f"--picture {picture}: a picture's name ends with {', '.join(filter(None, FORMATS))}")


def _write(picture: Path, jpeg: bytes) -> None:
    from PIL import Image

    if kind := FORMATS[picture.suffix.lower()]:
        Image.open(BytesIO(jpeg)).save(picture, kind)
    else:
        picture.write_bytes(jpeg)


async def _look(url: str, vision: bool, budget: int | None, headed: bool, state: Path | None) -> "Observation":
    from webhand.browser import Browser, BrowserConfig

    config = BrowserConfig(headless=not headed, storage_state=state)
    if budget is not None:
        config = config.model_copy(update={"text_tokens": budget})
    async with Browser(config) as browser:
        tab = await browser.open(url)
        return await tab.observe(vision)


def _as_json(seen: "Observation") -> dict[str, Any]:
    return {
        "url": seen.url,
        "title": seen.title,
        "text": seen.text,
        "tokens": seen.tokens,
        "partial": seen.partial,
        "notices": seen.notices,
        "elements": [
            {
                "ref": one.ref,
                "role": one.role,
                "name": one.name,
                "value": one.value,
                "states": one.states,
                "box": one.box and asdict(one.box),
                "in_view": one.in_view,
                "frame": one.frame,
                "options": one.options,
                "attributes": one.attributes,
            }
            for one in seen.elements.values()
        ],
    }
