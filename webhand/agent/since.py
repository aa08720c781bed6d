"""Showing what has changed on a page instead of the page, where that is shorter and leaves nothing in doubt. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webhand.agent.history import History, Notes
from webhand.browser import Observation
from webhand.browser.tokens import tokens
from webhand.llm.messages import Message, PageView, Part, Text

STEPS = 6
"""Steps after which a page is shown whole again: nobody should have to add up more changes than that."""
SHORTER = 1 / 4
"""Share of the page that its change may be at most."""
LEAST = 400
"""Tokens below which a page is always shown whole."""


@dataclass(frozen=True, slots=True)
class Front:
    """What was sent when the page was last shown whole, and after how many steps that was.

    Prompts that show what has changed since begin with it, word for word: vendors keep what they have read before, and
    charge a tenth to a half for it.
    """

    parts: tuple[Part, ...]
    seen: Observation
    steps: int
    known: tuple[int, Notes | None]

    @classmethod
    def of(cls, messages: Sequence[Message], seen: Observation, history: History) -> Front:
        """The front that a prompt with the whole page makes: all up to the page's end."""
        parts = messages[-1].parts
        end, view = next((place, part) for place, part in enumerate(parts) if isinstance(part, PageView))
        return cls((*parts[:end], Text(view.text, stable=True)), seen, len(history.steps), _known(history))

    def change(self, seen: Observation, history: History) -> str | None:
        """What has changed on the page, None where it has to be shown whole."""
        if seen.tokens < LEAST or len(history.steps) - self.steps > STEPS or not _comparable(self.seen, seen):
            return None
        if _known(history) != self.known:
            return None
        change = seen.since(self.seen)
        return change if tokens(change) <= seen.tokens * SHORTER else None


def _known(history: History) -> tuple[int, Notes | None]:
    """What stands before the page in a prompt and may change: what people have said, and notes."""
    return len(history.told), history.notes


def _comparable(one: Observation, other: Observation) -> bool:
    """Whether both are looks at the same tab, neither of which leaves something out that was there to be read.

    Of another page the change is the whole text, which is too long for one.
    """
    tabs = [[tab.number for tab in seen.tabs if tab.active] for seen in (one, other)]
    return tabs[0] == tabs[1] and not (one.dialog or other.dialog or one.partial or other.partial)
