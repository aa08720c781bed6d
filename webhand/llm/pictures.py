"""Messages made ready for the wire: pictures found, recognised and made to fit, text that cannot be encoded mended."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from stat import S_ISREG
from typing import Literal, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from webhand.errors import UnsupportedInput
from webhand.llm.fetched_pictures import FetchedPictures
from webhand.llm.in_thread import in_thread
from webhand.llm.messages import AssistantMessage, Image, Message, PageView, Part, SystemMessage, Text, UserMessage
from webhand.llm.picture_files import breaks_off, media_type
from webhand.llm.picture_size import PictureSize

Blind = Literal["note", "refuse"]
M = TypeVar("M", SystemMessage, UserMessage, AssistantMessage)

LEFT_OUT = "[A picture was left out: this model reads text only.]"
LONGEST_FILE = 100_000_000
"""Bytes of a file that are read, to be made smaller."""
TAKEN = "PNG, JPEG, GIF and WebP are taken"


def base64_text(image: Image) -> str:
    """The bytes of a prepared picture as base64."""
    return base64.b64encode(image.data or b"").decode("ascii")


@dataclass(frozen=True)
class Sight:
    """What a model takes of pictures.

    One without `vision` gets a note in the picture's place, or the call is refused, as `blind` says. `limit` is the
    longest picture in characters of base64, `size` the largest that the model sees as it was sent. `urls` says that
    the vendor fetches a picture from its address by itself.
    """

    vision: bool
    blind: Blind
    limit: int
    size: PictureSize | None = None
    urls: bool = True
    fetched: FetchedPictures = field(default_factory=FetchedPictures)


async def prepare(messages: Sequence[Message], sight: Sight) -> tuple[Message, ...]:
    """The messages with every picture either as bytes of a known type or as an http address.

    Pictures larger than `sight.size` are made smaller: a model sees no more of them, and some vendors charge for it.
    Raises UnsupportedInput for what is no picture, cannot be read or fetched, or is too long.
    """
    return tuple([await _prepared(message, sight) for message in messages])


async def _prepared(message: Message, sight: Sight) -> Message:
    parts = [await _part(part, sight) for part in message.parts]
    return message.model_copy(update={"parts": tuple(parts)})


async def _part(part: Part, sight: Sight) -> Part:
    match part:
        case Text():
            return Text(encodable(part.text), stable=part.stable)
        case PageView():
            return part.model_copy(update={"text": encodable(part.text)})
        case Image() if sight.vision:
            return await _picture(part, sight)
        case Image() if sight.blind == "note":
            return Text(LEFT_OUT)
        case Image():
            raise UnsupportedInput("This model reads text only; send no picture, or choose a model with vision")


async def _picture(image: Image, sight: Sight) -> Image:
    if image.url is not None and not image.url.startswith("data:"):
        _check_address(image.url)
        if sight.urls:
            return image
    data = await _bytes(image, sight)
    kind = media_type(data)
    if kind is None:
        raise UnsupportedInput(f"What was given as a picture is none that a model reads; {TAKEN}")
    if breaks_off(data):
        raise UnsupportedInput("The file of a picture breaks off in its middle; give the whole of it")
    if sight.size is not None:
        from webhand.llm.resize import fitted  # loads Pillow

        data = await asyncio.to_thread(fitted, data, sight.size, image.detail or "high")
        kind = media_type(data)
    if (length := (len(data) + 2) // 3 * 4) > sight.limit:
        raise UnsupportedInput(
            f"A picture of {length / 1e6:.1f} MB in base64 is too big, {sight.limit / 1e6:.1f} MB go through; "
            "make it smaller"
        )
    return Image(data=data, media_type=kind, detail=image.detail)


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # looked at to be checked
    except ValueError:
        raise UnsupportedInput("A picture's url cannot be read; write it like https://host/picture.png") from None
    if parts.scheme not in ("http", "https"):
        raise UnsupportedInput("A picture's url must begin with https://, http:// or data:; give a file as path=")
    if not host or not url.isprintable() or " " in url:
        raise UnsupportedInput("A picture's url has no host, or signs that none can have; write %20 for a blank")


async def _bytes(image: Image, sight: Sight) -> bytes:
    if image.path is not None:
        return await in_thread(partial(_from_file, image.path))  # a server of files may keep it waiting for ever
    if image.data is not None:
        return image.data
    url = image.url or ""
    return _from_data_url(url) if url.startswith("data:") else await sight.fetched.get(url)


def _from_file(path: Path) -> bytes:
    try:
        about = path.stat()
        if not S_ISREG(about.st_mode):  # reading from a device or a pipe need not end
            raise UnsupportedInput(f"The picture {path.name} cannot be read: it is no file")
        if about.st_size > LONGEST_FILE:
            raise UnsupportedInput(f"The picture {path.name} has {about.st_size / 1e6:.0f} MB; make it smaller")
        if not about.st_size:  # also what the system makes up as it is read, which need not end
            raise UnsupportedInput(f"The picture {path.name} cannot be read: it is empty")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnsupportedInput(f"The picture {path.name} cannot be read: {error}") from None


def _from_data_url(url: str) -> bytes:
    head, _, body = url.partition(",")
    try:
        content = unquote_to_bytes(body)
        return base64.b64decode(content) if head.endswith(";base64") else content
    except ValueError as error:
        raise UnsupportedInput("A picture's data: address holds broken base64") from error


def encodable(text: str) -> str:
    """The text with lone surrogates, which no wire takes, as U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
