"""Style sheet, scripts and icon, read from the package once."""

from functools import cache
from importlib.resources import files

from webhand.testing.shop.message import Response

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


@cache
def static_files() -> dict[str, Response]:
    """The responses by file name; only what is in here can be asked for."""
    folder = files("webhand.testing.shop").joinpath("static")
    return {
        entry.name: Response(
            200, entry.read_bytes(), _TYPES[entry.name.rsplit(".", 1)[1]], (("Cache-Control", "no-cache"),)
        )
        for entry in folder.iterdir()
        if entry.name.rsplit(".", 1)[-1] in _TYPES
    }
