"""Pictures made smaller for a model."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageOps

from webhand.llm.messages import Detail
from webhand.llm.picture_size import PictureSize, picture_scale

KEPT = 8
"""Pictures that are kept as they were made: those of the task go along with every prompt of a run."""
QUALITY = 85


@lru_cache(KEPT)
def fitted(data: bytes, size: PictureSize, detail: Detail) -> bytes:
    """The picture no larger than a model can use; one that fits, or that cannot be read here, as it is."""
    try:
        with Image.open(io.BytesIO(data)) as source:
            scale = picture_scale(size, detail, *source.size)
            if scale == 1.0:
                return data
            return _smaller(source, (round(source.width * scale), round(source.height * scale)))
    except Exception:  # Pillow raises anything over what is damaged, and the vendor has the last word on it
        return data


def _smaller(source: Image.Image, size: tuple[int, int]) -> bytes:
    clear = source.has_transparency_data
    source.draft("RGB", size)  # reads a large JPEG at a fraction of its size
    picture = source.convert("RGBA" if clear else "RGB")
    picture.thumbnail((max(size[0], 1), max(size[1], 1)), Image.Resampling.LANCZOS)
    turned = _turned(picture)
    written = io.BytesIO()
    if clear:
        turned.save(written, "PNG")
    else:
        turned.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _turned(picture: Image.Image) -> Image.Image:
    """The picture as the camera was held, where its notes can be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # as above
        return picture
