"""How the pictures of messages are made ready."""

import pytest

from webhand.errors import UnsupportedInput
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.pictures import encodable, media_type, prepare


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_the_first_bytes_tell_the_type(data: bytes, kind: str | None) -> None:
    assert media_type(data) == kind


async def test_the_bytes_win_over_the_type_that_was_said() -> None:
    image = Image(data=b"\xff\xd8\xff\xe0", media_type="image/png", detail="high")
    [message] = await prepare([UserMessage(parts=(image,))], vision=True, blind="note", limit=100)
    assert message.parts == (Image(data=b"\xff\xd8\xff\xe0", media_type="image/jpeg", detail="high"),)


@pytest.mark.parametrize(("length", "passes"), [(75, True), (76, False)])
async def test_the_limit_counts_base64(length: int, passes: bool) -> None:
    message = UserMessage(parts=(Image(data=b"\x89PNG".ljust(length, b"x")),))
    if passes:
        await prepare([message], vision=True, blind="note", limit=100)
    else:
        with pytest.raises(UnsupportedInput, match="too big"):
            await prepare([message], vision=True, blind="note", limit=100)


async def test_stable_text_stays_stable() -> None:
    [message] = await prepare([UserMessage(parts=(Text("a", stable=True),))], vision=False, blind="refuse", limit=1)
    assert message.parts == (Text("a", stable=True),)


@pytest.mark.parametrize(
    ("text", "clean"), [("\ud83d\ude00", "😀"), ("a\ud800b", "a\ufffdb"), ("\ufeffé\x00", "\ufeffé\x00"), ("", "")]
)
def test_lone_surrogates_are_replaced_and_pairs_joined(text: str, clean: str) -> None:
    assert encodable(text) == clean
