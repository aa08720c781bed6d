"""The elements of the page that a prompt shows, found by name; for the models that need no network."""

import difflib
from collections.abc import Iterable, Sequence

from webhand.llm.messages import Message, PageElement, PageView

_CLOSE = 5


def last_page(messages: Sequence[Message]) -> PageView | None:
    """The page that was shown last, or None where the messages hold none."""
    return next((p for m in reversed(messages) for p in reversed(m.parts) if isinstance(p, PageView)), None)


def called(name: str, elements: Iterable[PageElement]) -> tuple[PageElement, ...]:
    """The elements of this name in page order: those of exactly this case, else those of any case."""
    known = tuple(elements)
    exact = tuple(e for e in known if e.name.strip() == name.strip())
    return exact or tuple(e for e in known if plain(e.name) == plain(name))


def plain(name: str) -> str:
    """A name as it is compared when case, blanks and the marks of a label (`Email: *`) do not matter."""
    return " ".join(name.casefold().split()).rstrip(":* ") or name.strip()


def close_names(name: str, elements: Iterable[PageElement]) -> tuple[str, ...]:
    """A few elements that may have been meant, closest first, each as `"Sign in" (button)`."""
    named = [e for e in elements if e.name.strip()]
    wanted = plain(name)
    ratio = {id(e): difflib.SequenceMatcher(None, wanted, plain(e.name)).ratio() for e in named}
    near = [e for e in named if ratio[id(e)] >= 0.5 or wanted in plain(e.name) or plain(e.name) in wanted]
    return described(sorted(near, key=lambda e: -ratio[id(e)]))


def described(elements: Iterable[PageElement]) -> tuple[str, ...]:
    """The first few elements for a reader, without repetition."""
    return tuple(dict.fromkeys(f'"{e.name.strip()}" ({e.role})' for e in elements))[:_CLOSE]
