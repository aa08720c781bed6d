"""What runs in the isolated world of each document: one function, put together from the files of this folder."""

from importlib import resources

PARTS = (
    "nodes",
    "roles",
    "tables",
    "names",
    "remarks",
    "states",
    "chips",
    "confided",
    "maps",
    "geometry",
    "hosts",
    "offered",
    "equals",
    "heirs",
    "drawing",
    "faces",
    "held",
    "candidates",
    "outline",
    "titles",
    "groups",
    "items",
    "collect",
    "press",
    "aim",
    "fields",
    "lists",
    "scroll",
    "options",
    "text",
    "markdown",
    "selection",
    "settle",
    "picture",
    "standing",
    "functions",
)
"""Each names things that the later ones use; the last gives what is called from outside."""


def script() -> str:
    """An expression whose value is an object of functions."""
    folder = resources.files(__name__)
    parts = (folder.joinpath(f"{part}.js").read_text("utf-8") for part in PARTS)
    return "(() => {\n" + "\n".join(parts) + "})()"
