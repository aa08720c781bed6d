"""Whether a run goes round in circles, and how firmly to say so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, takewhile

from webhand.agent.config import Patience
from webhand.agent.history import Step

LOOKING = frozenset(("read", "find", "wait", "screenshot", "markdown"))
"""Actions that leave a page as it is when they do what they should."""
LONGEST_CIRCLE = 3
"""Steps of a circle that is looked for."""


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


@dataclass(frozen=True, slots=True)
class _Passage:
    """A step with the page before it and the page after it."""

    before: str
    after: str
    step: Step

    @property
    def in_vain(self) -> bool:
        """Whether the page is as it was; of "" nothing is known, nor of what is drawn where a point was clicked."""
        return self.before == self.after != "" and not any(name.endswith("_at") for name, _ in self.actions)

    @property
    def actions(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        calls = self.step.decision.actions if self.step.decision else ()
        return tuple(
            (call.action, tuple((name, repr(value)) for name, value in call.arguments.items())) for call in calls
        )

    @property
    def failure(self) -> tuple[str, str | None] | None:
        """What failed, and the kind of its error."""
        if self.step.error is not None:
            return "your answer", self.step.error.partition(":")[0]
        last = self.step.results[-1] if self.step.results else None
        return (last.action, last.error) if last is not None and not last.ok else None


@dataclass(frozen=True, slots=True)
class _Trail:
    """The passages from the latest back, made as they are asked for: of a long run only the end matters."""

    steps: Sequence[Step]
    page: str

    def __iter__(self) -> Iterator[_Passage]:
        after = self.page
        for step in reversed(self.steps):
            before = step.observation.page if step.observation else ""
            yield _Passage(before, after, step)
            after = before


def stuck(steps: Sequence[Step], page: str, patience: Patience) -> Stuck | None:
    """What the latest steps repeat, up to the page that is shown now; None while the run gets on.

    `page` is what `page_key` says of it.
    """
    times, reason = max(_signs(_Trail(steps, page)), default=(0, ""), key=lambda sign: sign[0])
    force = max((force for force, most in _thresholds(patience) if times >= most), default=None)
    return None if force is None else Stuck(reason, force)


def _thresholds(patience: Patience) -> Iterator[tuple[Force, int]]:
    yield Force.HINT, patience.hint
    yield Force.PICTURE, patience.picture
    yield Force.OTHER_WAY, patience.other_way
    yield Force.REPORT, patience.report


def _signs(trail: _Trail) -> Iterator[tuple[int, str]]:
    """How often something was repeated in vain, with what it is; a failure counts once more than what goes well."""
    if (last := next(iter(trail), None)) is None:
        return
    same = _tail(trail, lambda one: one.in_vain and one.before == last.before and one.actions == last.actions)
    if same and last.actions:
        yield (
            same // 2 if _only(last, frozenset(("wait",))) else same,
            f"the same was done {same} times in a row and the page is as before",
        )
    idle = _tail(trail, lambda one: one.in_vain and not _only(one, LOOKING))
    if idle and _only(last, frozenset(("scroll",))):
        yield idle - 1, f"the page has not changed for {idle} steps: there is nowhere left to scroll to"
    else:
        yield idle - 1, f"nothing has changed on the page for {idle} steps"
    if last.failure:
        failed = _tail(trail, lambda one: one.failure == last.failure)
        if failed > 1:
            yield failed + 1, f"{last.failure[0]} has failed {failed} times in a row"
    for length in range(2, LONGEST_CIRCLE + 1):
        rounds = _rounds(trail, length)
        yield rounds, f"the same {length} steps were done {rounds} times, and led back to the same page"


def _rounds(trail: _Trail, length: int) -> int:
    """How often the last `length` steps were done in a row, each time from the same page to the same page."""
    latest = list(islice(trail, length))
    circle = [(one.before, one.actions) for one in latest]
    if len(circle) < length or len(set(circle)) == 1 or not latest[0].after == latest[-1].before != "":
        return 0
    again = takewhile(lambda pair: (pair[1].before, pair[1].actions) == circle[pair[0] % length], enumerate(trail))
    rounds = sum(1 for _ in again) // length
    return rounds if rounds > 1 else 0


def _tail(trail: _Trail, holds: Callable[[_Passage], bool]) -> int:
    return sum(1 for _ in takewhile(holds, trail))


def _only(one: _Passage, names: frozenset[str]) -> bool:
    return bool(one.actions) and all(name in names for name, _ in one.actions)
