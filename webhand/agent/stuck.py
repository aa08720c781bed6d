"""Whether a run goes round in circles, and how firmly to say so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from hashlib import sha256
from itertools import takewhile

from webhand.agent.config import Patience
from webhand.agent.history import Seen, Step
from webhand.browser import Observation
from webhand.browser.difference import REFS

SHOWN = frozenset(
    (
        *("click", "click_at", "hover", "hover_at", "drag", "drag_at", "select_text", "type", "press", "select"),
        *("check", "upload", "answer_dialog", "navigate", "search", "back", "forward", "reload", "switch_tab"),
        *("close_tab", "wait"),
    )
)
"""Actions that show on the page what they brought; what all others bring is what they answer."""
ENTERED = frozenset(("type", "press", "select", "upload", "answer_dialog"))
"""Actions that put something in: a page may take one thing after the other and look the same after each."""
LONGEST_CIRCLE = 8
"""Steps of the longest circle that is seen to the end of patience."""


class Force(IntEnum):
    """How firmly a model is told, from a word to the end of the run."""

    HINT = 1
    PICTURE = 2
    OTHER_WAY = 3
    REPORT = 4
    """To be the last step: the run ends after it in any case."""


ADVICE = {
    Force.HINT: "see what is different from what you expect, and do something else",
    Force.PICTURE: "look at the picture, and do something else",
    Force.OTHER_WAY: "give this way up: go back, search, or use another part of the page",
    Force.REPORT: "end with done now, success false, and say what was tried and what stands in the way",
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """What goes on without leading anywhere, and how firmly that is to be said."""

    reason: str
    force: Force

    @property
    def note(self) -> str:
        """What the model is told."""
        return f"{self.reason}; {ADVICE[self.force]}"


@dataclass(frozen=True)
class _Passage:
    """A step with the page before it and the page after it; `repainted` says that these only look different."""

    before: str
    after: str
    step: Step
    repainted: bool

    @cached_property
    def deeds(self) -> tuple[tuple[str, str], ...]:
        """The actions and what they were given; a reference is what it stood for, as each document has new ones."""
        calls = self.step.decision.actions if self.step.decision else ()
        meant = self.step.meant
        return tuple(
            (call.action, repr([(name, meant.get(str(value), value)) for name, value in call.arguments.items()]))
            for call in calls
        )

    @cached_property
    def said(self) -> tuple[str | None, ...]:
        """The results in words, of a failure its kind."""
        return tuple(
            (REFS.sub("e", one.text) if one.action in SHOWN else one.text) if one.ok else one.error
            for one in self.step.results
        )

    @cached_property
    def whole(self) -> tuple[object, ...]:
        """The same for passages that cannot be told apart."""
        return self.before, self.deeds, self.said, self.after

    @property
    def still(self) -> bool:
        """Whether the page is as it was; of "" nothing is known."""
        return self.before == self.after != "" and not self.painted

    @property
    def painted(self) -> bool:
        """Whether something else is drawn on a page that says the same, or may be as a point was clicked."""
        return self.repainted or (self.before == self.after and any(one.endswith("_at") for one, _ in self.deeds))

    @property
    def answered(self) -> bool:
        """Whether there is more to it than the page shows."""
        return any(one.ok and (one.action not in SHOWN or one.files) for one in self.step.results)

    @property
    def enters(self) -> bool:
        """Whether something was put in."""
        return any(action in ENTERED for action, _ in self.deeds) and self.failure is None

    @property
    def weight(self) -> float:
        """Half where something was waited for: that may take its time."""
        return 0.5 if any(action == "wait" for action, _ in self.deeds) else 1.0

    @property
    def failure(self) -> tuple[str, str | None] | None:
        """What failed, and the kind of its error."""
        if self.step.error is not None:
            return "your answer", self.step.error.partition(":")[0]
        last = self.step.results[-1] if self.step.results else None
        return (last.action, last.error) if last is not None and not last.ok else None


_Trail = Sequence[_Passage]
"""Passages from the latest back."""


def stuck(steps: Sequence[Step], page: str, patience: Patience) -> Stuck | None:
    """What the latest steps repeat, up to the page that is shown now; None while the run gets on.

    `page` is what `page_key` says of it.
    """
    if not (trail := _trail(steps[-_window(patience) :], page)):
        return None
    times, reason = max(_signs(trail, patience), default=(0, ""), key=lambda sign: sign[0])
    force = max((force for force, most in _thresholds(patience) if times >= most), default=None)
    if force is not None:
        return Stuck(reason, force)
    again = _until(trail, lambda one: (one.deeds, one.said) == (trail[0].deeds, trail[0].said))
    if trail[0].deeds and _weight(again) >= patience.repeats:  # on a page with a clock; or one of many pages
        return Stuck(f"the same was done {len(again)} times in a row, with the same result", Force.HINT)
    return None


def page_key(seen: Observation) -> str:
    """The same for looks that show the same, whatever references the elements have in this document."""
    shown = f"{seen.url}\n{seen.dialog}\n{seen.scroll.above:.0f}\n{REFS.sub('e', seen.text)}"
    return sha256(shown.encode("utf-8", "replace")).hexdigest()[:16]


def _thresholds(patience: Patience) -> Iterator[tuple[Force, int]]:
    yield Force.HINT, patience.hint
    yield Force.PICTURE, patience.picture
    yield Force.OTHER_WAY, patience.other_way
    yield Force.REPORT, patience.report


def _window(patience: Patience) -> int:
    """Steps that are looked at: of a long run only the end matters."""
    return max(LONGEST_CIRCLE * patience.report, 2 * patience.repeats)


def _trail(steps: Sequence[Step], page: str) -> _Trail:
    trail: list[_Passage] = []
    after, repainted = page, False  # what is drawn now is not known yet
    for step in reversed(steps):
        seen = step.observation or Seen(url="", title="", tokens=0, elements=0)
        trail.append(_Passage(seen.page, after, step, repainted))
        after, repainted = seen.page, seen.repainted
    return trail


def _signs(trail: _Trail, patience: Patience) -> Iterator[tuple[int, str]]:
    """How often something was repeated in vain, with what it is; a failure counts once more than what goes well."""
    last = trail[0]
    same = _until(trail, lambda one: one.still and one.whole == last.whole)
    if last.deeds:
        yield _weight(same), f"the same was done {len(same)} times in a row and the page is as before"
    first = {one.whole: one for one in trail}  # of its like the earliest
    idle = _until(trail, lambda one: one.still and not (one.answered and first[one.whole] is one))
    yield from _idle(idle, {one.deeds: one for one in trail}, patience)
    if last.failure and not last.step.waited:
        failed = _until(trail, lambda one: one.failure == last.failure)
        if len(failed) > 1:
            yield len(failed) + 1, f"{last.failure[0]} has failed {len(failed)} times in a row"
    yield from _circle(trail)


def _idle(idle: _Trail, first: Mapping[object, _Passage], patience: Patience) -> Iterator[tuple[int, str]]:
    """How long the page has shown nothing new; that alone ends no run which puts in one thing after the other."""

    def entered(one: _Passage) -> bool:
        return one.enters and first[one.deeds] is one

    vain = _until(idle, lambda one: not entered(one))
    yield _weight(vain) - 1, f"nothing new has come of the last {len(vain)} steps"
    times = int(sum(one.weight / 2 if entered(one) else one.weight for one in idle)) - 1
    yield min(times, patience.report - 1), f"the page has shown nothing new for {len(idle)} steps"


def _circle(trail: _Trail) -> Iterator[tuple[int, str]]:
    """The steps since the latest was made before, where they were made more than once, with the same outcome."""
    places = (place for place, one in enumerate(trail) if place and one.whole == trail[0].whole)
    if (length := next(places, 1)) == 1 or trail[0].after == "":
        return
    pairs = zip(trail, trail[length:], strict=False)
    again = [one for one, _ in takewhile(lambda pair: pair[0].whole == pair[1].whole and not pair[0].painted, pairs)]
    rounds = 1 + len(again) // length
    if rounds > 1:
        times = 1 + int(sum(one.weight for one in again) / length)
        yield times, f"the same {length} steps were done {rounds} times, and led back to the same page"


def _until(trail: _Trail, holds: Callable[[_Passage], bool]) -> _Trail:
    return list(takewhile(holds, trail))


def _weight(passages: _Trail) -> int:
    return int(sum(one.weight for one in passages))
