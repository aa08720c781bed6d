"""How the pictures of messages are made ready."""

import io
import zlib
from typing import Any

import pytest
from PIL import Image as Pillow

from webhand.errors import UnsupportedInput
from webhand.llm.messages import Image, Text, UserMessage
from webhand.llm.picture_files import breaks_off, media_type
from webhand.llm.picture_size import PictureSize
from webhand.llm.pictures import Sight, encodable, prepare


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
    [message] = await prepare([UserMessage(parts=(image,))], Sight(True, "note", limit=100))
    assert message.parts == (Image(data=b"\xff\xd8\xff\xe0", media_type="image/jpeg", detail="high"),)


@pytest.mark.parametrize(("length", "passes"), [(75, True), (76, False)])
async def test_the_limit_counts_base64(length: int, passes: bool) -> None:
    message = UserMessage(parts=(Image(data=b"\x89PNG".ljust(length, b"x")),))
    if passes:
        await prepare([message], Sight(True, "note", limit=100))
    else:
        with pytest.raises(UnsupportedInput, match="too big"):
            await prepare([message], Sight(True, "note", limit=100))


def encoded(kind: str, size: tuple[int, int], mode: str = "RGB", **more: Any) -> bytes:
    written = io.BytesIO()
    Pillow.new(mode, size, "#a03020").save(written, kind, **more)
    return written.getvalue()


ROTATED = Pillow.Exif()
ROTATED[0x0112] = 6  # the camera was held upright

PICTURES: dict[str, tuple[bytes, Any, str, tuple[int, int]]] = {
    "a photo": (encoded("JPEG", (4000, 3000)), None, "image/jpeg", (1260, 945)),
    "one of low detail": (encoded("JPEG", (1000, 500)), "low", "image/jpeg", (512, 256)),
    "a drawing with nothing behind it": (encoded("PNG", (3000, 300), "RGBA"), None, "image/png", (1568, 157)),
    "a drawing": (encoded("PNG", (3000, 300)), None, "image/jpeg", (1568, 157)),
    "a photo of a turned camera": (encoded("JPEG", (4000, 3000), exif=ROTATED), None, "image/jpeg", (945, 1260)),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_a_picture_is_made_no_larger_than_the_model_can_use(name: str) -> None:
    data, detail, kind, size = PICTURES[name]
    message = UserMessage(parts=(Image(data=data, detail=detail),))
    [made] = await prepare([message], Sight(True, "note", limit=10**7, size=PictureSize()))
    [image] = made.parts
    assert isinstance(image, Image)
    assert image.data is not None
    picture = Pillow.open(io.BytesIO(image.data))
    assert (image.media_type, media_type(image.data), image.detail) == (kind, kind, detail)
    assert picture.size == pytest.approx(size, abs=12)
    assert "exif" not in picture.info


@pytest.mark.parametrize(
    "data",
    [
        encoded("PNG", (1200, 800)),
        encoded("GIF", (300, 300), "P"),
        b"\x89PNG and what this Pillow cannot read",
    ],
)
async def test_what_fits_or_cannot_be_read_goes_as_it_is(data: bytes) -> None:
    message = UserMessage(parts=(Image(data=data),))
    [made] = await prepare([message], Sight(True, "note", limit=10**7, size=PictureSize()))
    assert made.parts == (Image(data=data, media_type=media_type(data)),)


THUMBNAIL = encoded("JPEG", (32, 32))
WHOLE: dict[str, bytes] = {
    "png": encoded("PNG", (90, 60)),
    "jpeg": encoded("JPEG", (90, 60)),
    "progressive jpeg": encoded("JPEG", (90, 60), progressive=True),
    "jpeg with a thumbnail": encoded("JPEG", (90, 60), exif=b"Exif\0\0" + THUMBNAIL),
    "webp": encoded("WEBP", (90, 60)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_that_breaks_off_is_told_from_a_whole_one(name: str) -> None:
    whole = WHOLE[name]
    assert not breaks_off(whole)
    assert not breaks_off(whole + b"what some cameras add")
    assert all(breaks_off(whole[:length]) for length in (40, len(whole) // 2, len(whole) - 9))


async def test_half_a_picture_is_not_sent() -> None:
    message = UserMessage(parts=(Image(data=WHOLE["jpeg"][:300]),))
    with pytest.raises(UnsupportedInput, match="breaks off in its middle; give the whole of it"):
        await prepare([message], Sight(True, "note", limit=10**7))


@pytest.mark.filterwarnings("error")
async def test_a_picture_of_very_many_points_goes_as_it_is() -> None:
    header = encoded("PNG", (1, 1))
    huge = header[:16] + (10_000).to_bytes(4, "big") * 2 + header[24:29]
    huge += zlib.crc32(huge[12:29]).to_bytes(4, "big") + header[33:]
    message = UserMessage(parts=(Image(data=huge),))
    [made] = await prepare([message], Sight(True, "note", limit=10**7, size=PictureSize()))
    assert made.parts == (Image(data=huge, media_type="image/png"),)


async def test_a_picture_too_long_for_the_vendor_passes_once_it_is_smaller() -> None:
    noise = Pillow.effect_noise((3000, 2000), 90)
    written = io.BytesIO()
    noise.save(written, "PNG")
    message = UserMessage(parts=(Image(data=written.getvalue()),))
    with pytest.raises(UnsupportedInput, match="too big"):
        await prepare([message], Sight(True, "note", limit=4_000_000))
    [made] = await prepare([message], Sight(True, "note", limit=4_000_000, size=PictureSize()))
    assert isinstance(made.parts[0], Image)


async def test_stable_text_stays_stable() -> None:
    [message] = await prepare([UserMessage(parts=(Text("a", stable=True),))], Sight(False, "refuse", limit=1))
    assert message.parts == (Text("a", stable=True),)


@pytest.mark.parametrize(
    ("text", "clean"), [("\ud83d\ude00", "😀"), ("a\ud800b", "a\ufffdb"), ("\ufeffé\x00", "\ufeffé\x00"), ("", "")]
)
def test_lone_surrogates_are_replaced_and_pairs_joined(text: str, clean: str) -> None:
    assert encodable(text) == clean
