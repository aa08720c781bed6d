"""Which lines of a page are shown when not all fit into a budget of tokens. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, zip_longest

from webhand.browser.observation import Element
from webhand.browser.render import line_text
from webhand.browser.snapshot import Gap, Line
from webhand.browser.tokens import CHARACTERS_PER_TOKEN, line_tokens, tokens

SMALL = 1 / 3
"""Share of the budget up to which a page is shown in full, far from the view too."""
FAR = 1 / 2
"""Share of the budget up to which what is far from the view is shown: paid for at each step, and seldom needed."""
SURROUNDINGS = 12
"""Lines around the view that are shown as fully as the view."""
COVERED = 6
"""Elements behind the same thing from which on they are told together."""
BEHIND = 12
"""Elements behind anything from which on they are."""
WORTH = 5 / 4
"""Times what may be shown from which on something is left out: a few lines less are not worth another look."""
FOLDED = 4
"""Lines from which on they are told as one."""
FOLD_TOKENS = 30
"""Tokens of such a line."""
RESERVE = 80
"""Tokens for the lines that say what is left out."""


@dataclass(frozen=True, slots=True)
class Written:
    """A line and what it is shown as; how many lines it lies from the view, 0 in it."""

    line: Line
    text: str
    tokens: int
    reach: int


def page_text(lines: Sequence[Line], budget: int) -> str:
    """The text of a page of these lines, at most about `budget` tokens.

    Small pages are shown in full. Of others the view and its surroundings are, the rest briefly, nearest first, up to
    half the budget; what does not fit is counted. A view that alone is too much is written briefly, and what is alike
    in it folded.
    """
    lines = list(_uncovered(lines))
    reach = _reach(lines)
    written = list(_in_full(lines, reach, budget * SMALL))
    if len(written) < len(lines):
        written = [
            _written(line, far, brief=True) if far > SURROUNDINGS else one or _written(line, far)
            for line, far, one in zip_longest(lines, reach, written)
        ]
        if sum(one.tokens for one in written if not one.reach) > budget - RESERVE:
            written = list(_folded([_written(one.line, one.reach, brief=True) for one in written], budget - RESERVE))
        near = sum(one.tokens for one in written if one.reach <= SURROUNDINGS)
        room = min(max(near + RESERVE, round(budget * FAR)), budget)
        if sum(one.tokens for one in written) > min(room * WORTH, budget):
            written = _nearest(written, room)
    return "\n".join(one.text for one in _merged(written))


def _in_full(lines: Sequence[Line], reach: Sequence[int], most: float) -> Iterator[Written]:
    """The lines as they are, until they are more than so many tokens."""
    for line, far in zip(lines, reach, strict=True):
        one = _written(line, far)
        most -= one.tokens
        if most < 0:
            return
        yield one


def _uncovered(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, with one in place of many that something covers: a dialog in front of a page, mostly."""
    run: list[Line] = []
    for line in lines:
        covered = _covered(line)
        if covered is False:
            yield from _as_covered(run)
            run = []
        if run or covered:
            run.append(line)
        else:
            yield line
    yield from _as_covered(run)


def _as_covered(run: Sequence[Line]) -> Iterator[Line]:
    behind = [element for line in run for element in _elements(line)]
    covers = Counter(element.cover for element in behind).most_common()
    if len(behind) < (COVERED if len(covers) == 1 else BEHIND):
        yield from run
        return
    end = max(number for number, line in enumerate(run) if _elements(line)) + 1
    by = f"{covers[0][0]}{' and others' if len(covers) > 1 else ''}"
    text = f"(covered by {by}: {len(behind)} elements{_span(behind)})"
    yield Line("", (text,), run[0].depth, any(line.in_view for line in run))
    yield from run[end:]


def _covered(line: Line) -> bool | None:
    """Whether something covers all elements of a line; None where it has none."""
    elements = _elements(line)
    return all(element.cover for element in elements) if elements else None


def _span(elements: Sequence[Element]) -> str:
    """The references of elements as a range, where they follow each other."""
    numbers = [int(element.ref.rpartition("e")[2]) for element in elements]
    frames = {element.ref.rpartition("e")[0] for element in elements}
    if len(frames) > 1 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return ""
    return f", {elements[0].ref}…{elements[-1].ref}"


def _elements(line: Line) -> list[Element]:
    return [part for part in line.parts if isinstance(part, Element)]


def _written(line: Line, reach: int, *, brief: bool = False) -> Written:
    text = line_text(line, brief=brief)
    return Written(line, text, line_tokens(text), reach)


def _reach(lines: Sequence[Line]) -> list[int]:
    """How far each line is from the nearest one in view; from the beginning where none is."""
    far = len(lines)
    reach = [0 if line.in_view else far for line in lines]
    if all(reach):
        return list(range(far))
    for numbers in (range(1, far), range(far - 2, -1, -1)):
        for number in numbers:
            nearer = reach[number - 1] if numbers.step > 0 else reach[number + 1]
            reach[number] = min(reach[number], nearer + 1)
    return reach


def _nearest(written: Sequence[Written], room: int) -> list[Written]:
    """The lines nearest to the view that fit into so many tokens, with a line for each run that does not."""
    order = sorted(range(len(written)), key=lambda number: (written[number].reach, number))
    count = sum(total <= room for total in accumulate(written[number].tokens for number in order))
    while True:
        shown = list(_with_gaps(written, set(order[:count])))
        over = sum(one.tokens for one in shown) - room
        if over <= 0:
            return shown
        while count and over > 0:  # what says that lines are left out takes room as well
            count -= 1
            over -= written[order[count]].tokens
        if not count:  # better the beginning of it than nothing
            first = _shortened(written[order[0]], max(room - RESERVE, RESERVE))
            return list(_with_gaps([*written[: order[0]], first, *written[order[0] + 1 :]], {order[0]}))


def _with_gaps(written: Sequence[Written], kept: Set[int]) -> Iterator[Written]:
    """The lines that are kept, with one in place of each run of others."""
    runs = [(there, list(run)) for there, run in groupby(range(len(written)), key=kept.__contains__)]
    for place, (there, run) in enumerate(runs):
        if there:
            yield from (written[number] for number in run)
        else:
            where = "above" if place == 0 else "below" if place == len(runs) - 1 else "between"
            yield from _left_out([written[number] for number in run], where)


def _merged(written: Sequence[Written]) -> Iterator[Written]:
    """The lines, with one in place of several in a row that each say what is left out."""
    for gap, run in groupby(written, key=lambda one: one.line.kind == "gap"):
        lines = list(run)
        if gap and len(lines) > 1:
            places = {part.where for one in lines for part in one.line.parts if isinstance(part, Gap)}
            yield from _left_out(lines, places.pop() if len(places) == 1 else "between")
        else:
            yield from lines


def _shortened(one: Written, most: int) -> Written:
    text = one.text[: most * CHARACTERS_PER_TOKEN]
    while (length := tokens(text)) > most:
        text = text[: len(text) * most // length - 1]
    return replace(one, text=f"{text}… {len(one.text) - len(text):,} more characters", tokens=most)


def _left_out(written: Sequence[Written], where: str) -> Iterator[Written]:
    """One line for all that is left out on a side."""
    if not written:
        return
    gaps = [part for one in written for part in one.line.parts if isinstance(part, Gap)]
    lines = len(written) - len(gaps)
    kinds = {gap.kind for gap in gaps}
    elements = sum(isinstance(part, Element) for one in written for part in one.line.parts)
    gap = Gap(
        where=where,
        parts=lines + sum(gap.parts for gap in gaps),
        elements=elements + sum(gap.elements for gap in gaps),
        kind=kinds.pop() if len(kinds) == 1 and not lines else "lines",
        headings=tuple(heading for gap in gaps for heading in gap.headings),
    )
    yield _written(Line("gap", (gap,), 0, False), written[0].reach)


def _folded(written: Sequence[Written], room: int) -> Iterator[Written]:
    """Runs of elements that are alike, and whose references follow each other, as one line after the first of them.

    How many of each are shown is what leaves the view within so many tokens.
    """
    groups = groupby(enumerate(written), key=lambda pair: _alike(*pair))
    runs = [(kind is not None, [one for _, one in group]) for kind, group in groups]
    runs = [(alike and len(run) >= FOLDED, run) for alike, run in runs]
    view = [(alike, sum(one.tokens for one in run if not one.reach)) for alike, run in runs]
    free = room - sum(size if not alike else FOLD_TOKENS for alike, size in view if size)
    share = max(0, free) / max(1, sum(size for alike, size in view if alike))
    for (alike, run), (_, size) in zip(runs, view, strict=True):
        count = len(run) if not alike else sum(total <= share * size for total in accumulate(one.tokens for one in run))
        if len(run) - count < FOLDED:
            count = len(run)
        yield from run[:count]
        if count < len(run):
            yield _fold(run[count:])


def _fold(run: Sequence[Written]) -> Written:
    first, last = (one.line.parts[0] for one in (run[0], run[-1]))
    assert isinstance(first, Element)
    assert isinstance(last, Element)
    text = f"{first.ref}…{last.ref} {len(run)} {first.role}s: {first.name[:40]} … {last.name[:40]}"
    return Written(run[0].line, text, line_tokens(text), run[0].reach)


def _alike(place: int, one: Written) -> tuple[str, str, int] | None:
    """The same for lines that stand in one run: what kind of element they hold, and where its references begin."""
    if len(one.line.parts) != 1 or not isinstance(element := one.line.parts[0], Element):
        return None
    if element.value is not None or element.states or element.role in ("heading", "textbox"):
        return None
    found = re.fullmatch(r"(\D*\d*\D)(\d+)", element.ref)
    return (element.role, found[1], int(found[2]) - place) if found else None
