"""How the pictures of messages are made ready."""

import io
import random
import zlib
from pathlib import Path
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


def noise(kind: str, mode: str = "RGB", **more: Any) -> bytes:
    written = io.BytesIO()
    Pillow.effect_noise((1700, 300), 50).convert(mode).save(written, kind, **more)
    return written.getvalue()


CAMERA = Pillow.Exif()
CAMERA[0x0112], CAMERA[0x8769] = 6, {0x9003: "2020:01:01 00:00:00"}
SOUND: dict[str, bytes] = {
    "png": noise("PNG"),
    "png of a palette": noise("PNG", "P", transparency=3),
    "png with parts": noise("PNG", save_all=True, append_images=[Pillow.new("RGB", (1700, 300))], exif=CAMERA),
    "jpeg": noise("JPEG", exif=CAMERA),
    "jpeg for print": noise("JPEG", "CMYK"),
    "gif": noise("GIF", "P"),
    "webp": noise("WEBP", "RGBA", exif=CAMERA),
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with one or several bytes changed, most of them near its beginning, and at times some missing."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 10))):
        place = chance.randrange(min(len(changed), chance.choice((60, 200, 1000, len(changed)))))
        changed[place] = chance.choice((0, 255, 127, changed[place] ^ 1, chance.randrange(256)))
    if chance.random() < 0.2:
        start = chance.randrange(8, len(changed))
        del changed[start : start + chance.randrange(1, 50)]
    return bytes(changed)


@pytest.mark.parametrize("name", SOUND)
async def test_a_damaged_picture_goes_out_readable_or_as_it_is_or_is_told(name: str) -> None:
    chance = random.Random(name)
    smaller = 0
    for data in (SOUND[name], *(damaged(SOUND[name], chance) for _ in range(40))):
        try:
            [made] = await prepare(
                [UserMessage([Image(data=data)])], Sight(True, "note", limit=10**7, size=PictureSize())
            )
        except UnsupportedInput:
            continue
        [image] = made.parts
        assert isinstance(image, Image)
        assert image.data is not None
        if image.data != data:
            Pillow.open(io.BytesIO(image.data)).load()
            smaller += 1
    assert smaller, "the sound one at least is made smaller"


BROKEN: dict[str, tuple[bytes, bytes]] = {
    "a chunk's name": (b"IDAT", b"ID\xffT"),
    "a chunk's length": (b"IHDR", b"IHDR\x7f"),
    "no width": (SOUND["png"][16:20], bytes(4)),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_a_picture_that_cannot_be_read_goes_as_it_is(what: str) -> None:
    data = SOUND["png"].replace(*BROKEN[what], 1)
    [made] = await prepare([UserMessage([Image(data=data)])], Sight(True, "note", limit=10**7, size=PictureSize()))
    assert made.parts == (Image(data=data, media_type="image/png"),)
    with pytest.raises(UnsupportedInput, match="make it smaller"):
        await prepare([UserMessage([Image(data=data)])], Sight(True, "note", limit=1000, size=PictureSize()))


async def test_a_photo_whose_notes_are_damaged_is_made_smaller_all_the_same() -> None:
    photo = encoded("JPEG", (2000, 1000), exif=ROTATED)
    assert b"Exif\0\0MM\0*" in photo
    data = photo.replace(b"Exif\0\0MM\0*", b"Exif\0\0MM\0\0")
    [made] = await prepare([UserMessage([Image(data=data)])], Sight(True, "note", limit=10**7, size=PictureSize()))
    [image] = made.parts
    assert isinstance(image, Image)
    assert Pillow.open(io.BytesIO(image.data or b"")).size == (1568, 784)


@pytest.mark.parametrize("path", ["/proc/kmsg", "/proc/self/environ", "/proc/self/mem", "an empty file"])
async def test_a_file_without_a_size_is_no_picture_and_is_not_read(path: str, tmp_path: Path) -> None:
    (tmp_path / "an empty file").touch()
    where = tmp_path / path
    if not where.exists():
        pytest.skip("no such file on this system")
    with pytest.raises(UnsupportedInput, match="cannot be read: it is empty"):
        await prepare([UserMessage([Image(path=where)])], Sight(True, "note", limit=100))


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
