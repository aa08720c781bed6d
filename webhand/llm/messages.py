"""Messages to a model: three roles, made of typed parts that every adapter matches exhaustively."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from webhand.errors import InvalidSetting

Detail = Literal["auto", "low", "high"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Text(_Part):
    """Plain text. `stable` says that everything up to its end is the same in the run's next prompt.

    Adapters of vendors that want to be told set their cache breakpoint there.
    """

    kind: Literal["text"] = "text"
    text: str
    stable: bool = False

    def __init__(self, text: str, **more: object) -> None:
        super().__init__(text=text, **more)  # pyright: ignore[reportCallIssue]


class Image(_Part):
    """A picture from exactly one source: encoded bytes (`data`), an address (`url`, also `data:`) or a file (`path`).

    `media_type` is found out where it is not given; `detail` unset means that nothing is said to the vendor.
    """

    kind: Literal["image"] = "image"
    data: bytes | None = Field(default=None, repr=False)
    url: str | None = Field(default=None, repr=False)
    path: Path | None = None
    media_type: str | None = None
    detail: Detail | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.data, self.url, self.path)) != 1:
            raise ValueError("give exactly one of data, url and path")
        return self


class PageElement(_Part):
    """One element of a page as a model may name it: plain values, so that `llm` need not know the browser."""

    ref: str
    role: str
    name: str
    value: str | None = None


class PageView(_Part):
    """What the model is shown of the page: the text, and the elements that it may name.

    `whole` is the page's whole text where `text` is only what has changed on it; it is not sent.
    """

    kind: Literal["page"] = "page"
    text: str
    elements: tuple[PageElement, ...] = ()
    whole: str | None = None


Part = Annotated[Text | Image | PageView, Field(discriminator="kind")]
Content = str | Sequence[Part]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    parts: tuple[Part, ...]

    # Again in each role: type checkers take the constructor of a pydantic model from its own fields otherwise.
    def __init__(self, content: Content = (), **more: object) -> None:
        super().__init__(**({"parts": _parts(content)} | more))

    @property
    def text(self) -> str:
        """All text of the message, pages included, pictures left out."""
        return "\n".join(part.text for part in self.parts if not isinstance(part, Image))


def _parts(content: object) -> tuple[Part, ...]:
    """The parts that a caller gave, whatever it was; raises InvalidSetting."""
    if isinstance(content, str):
        return (Text(content),)
    if not isinstance(content, Sequence) or isinstance(content, bytes | bytearray):
        raise InvalidSetting(f"a message is a text, or a list of Text and Image, not {type(content).__name__}")
    parts: list[Part] = []
    for part in cast(Sequence[object], content):
        if not isinstance(part, Text | Image | PageView):
            raise InvalidSetting(
                f"a message is a text, or a list of Text and Image; there is {type(part).__name__} in it"
            )
        parts.append(part)
    return tuple(parts)


class SystemMessage(_Message):
    """Rules for the model."""

    role: Literal["system"] = "system"

    def __init__(self, content: Content = (), **more: object) -> None:
        super().__init__(content, **more)


class UserMessage(_Message):
    """The task, what happened, the page."""

    role: Literal["user"] = "user"

    def __init__(self, content: Content = (), **more: object) -> None:
        super().__init__(content, **more)


class AssistantMessage(_Message):
    """What the model answered earlier."""

    role: Literal["assistant"] = "assistant"

    def __init__(self, content: Content = (), **more: object) -> None:
        super().__init__(content, **more)


Message = SystemMessage | UserMessage | AssistantMessage
