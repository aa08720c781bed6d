"""The figures that the reading of pages is held to, worked out of what one run has measured. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.page.measured import FLOOR, OURS, SNAPSHOT, Compared, Growth, Measured, Seen

MEDIUM = ("shop", "article", "app")
LARGE = ("table", "huge")
COUNTED = ("shop", "table", "app")
"""Pages whose tokens per element are held against the peers'."""
BROWSER_USE, PLAYWRIGHT_MCP, AGENT_BROWSER = "browser-use", "playwright-mcp", "agent-browser"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and what it has to be: at most `must` and better at most `goal`, or at least where `least` is set.

    `measured` is None where the run did not measure it, `goal` where reaching `must` is all. `unit` is written behind
    a number, `detail` says what the figure is the worst of, or why there is none.
    """

    name: str
    measured: float | None
    must: float
    goal: float | None = None
    unit: str = ""
    least: bool = False
    detail: str = ""

    @property
    def verdict(self) -> str:
        """`goal`, `ok`, `miss`, or `-` where nothing was measured."""
        if self.measured is None:
            return "-"
        if self.goal is not None and self._reaches(self.goal):
            return "goal"
        return "ok" if self._reaches(self.must) else "miss"

    def _reaches(self, limit: float) -> bool:
        assert self.measured is not None
        return self.measured >= limit if self.least else self.measured <= limit


def figures(run: Measured) -> tuple[Figure, ...]:
    """All figures, in the order of the table."""
    return (
        *_speed(run.compared),
        *_length(run.compared, run.seen),
        *_knowledge(run.compared, run.seen),
        *_acting(run.compared),
        _memory(run.compared),
        _worst("second look, nothing changed", {one.page: one.again for one in run.seen}, 60, 30, unit=" tokens"),
        _growth(run.growth),
    )


def _speed(run: Compared) -> Iterator[Figure]:
    slower = {page: _over(run.seconds(page, OURS), run.seconds(page, FLOOR)) for page in run.pages}
    yield _worst("look, every page, against the floor", slower, 6, 3, unit="x")
    for pages, by_fastest, by_use in ((MEDIUM, (2.5, 6), (10, 25)), (LARGE, (6, 20), (20, 50))):
        there = [page for page in pages if page in run.pages]
        words = " ".join(there or pages)
        fastest = {page: _fastest(run, page) for page in there}
        named = {f"{page} ({fastest[page]})": _faster(run, page, fastest[page]) for page in there}
        figure = _worst(f"look, {words}: faster than the fastest peer", named, *by_fastest, unit="x", least=True)
        bare = {page: _faster(run, page, SNAPSHOT) for page in there}
        aside = f"; than {SNAPSHOT}, a part of one: {_parts(bare)}" if any(bare.values()) else ""
        yield replace(figure, detail=figure.detail + aside)
        use = {page: _faster(run, page, BROWSER_USE) for page in there}
        yield _worst(f"look, {words}: faster than browser-use", use, *by_use, unit="x", least=True)


def _fastest(run: Compared, page: str) -> str:
    """The peer that is the fastest on a page."""
    times = {tool: seconds for tool in run.peers if (seconds := run.seconds(page, tool)) is not None}
    return min(times, key=lambda tool: times[tool]) if times else "no peer"


def _faster(run: Compared, page: str, tool: str) -> float | None:
    return _over(run.seconds(page, tool), run.seconds(page, OURS))


def _length(run: Compared, seen: Sequence[Seen]) -> Iterator[Figure]:
    beyond = {one.page: _over(one.beyond, one.shown) for one in seen}
    yield _worst("tokens beyond names and text, per element shown", beyond, 6, 4)
    referred = {one.page: one.shown for one in seen}
    pages = [page for page in COUNTED if page in run.pages]
    for tool, must, goal in ((BROWSER_USE, 0.7, 0.5), (PLAYWRIGHT_MCP, 0.35, 0.25)):
        parts = {page: _over(_each(run, page, OURS), _each(run, page, tool)) for page in pages}
        figure = _worst(f"tokens per element shown, {' '.join(pages)}: of {tool}'s", parts, must, goal, unit="x")
        strict = {page: _over(_each(run, page, OURS, referred.get(page)), _each(run, page, tool)) for page in pages}
        aside = f"; our headings without a reference not counted: {_parts(strict)}" if figure.detail else ""
        yield replace(figure, detail=figure.detail + aside)
    whole = {page: look.tokens for (page, tool), look in run.looks.items() if tool == OURS}
    yield _worst("text of any page", whole, 6000, 4000, unit=" tokens")
    view = sum(one.in_view for one in seen)
    folded = sum(one.folded for one in seen)
    missed = [f"{one.page} {name}" for one in seen for name in one.unshown]
    detail = _some(missed) or f"{view} of {view} are, {folded} of them in a range such as e5…e9"
    yield Figure("elements of the view that the text leaves out", len(missed) if seen else None, 0, detail=detail)


def _each(run: Compared, page: str, tool: str, referred: int | None = None) -> float | None:
    """Tokens per element that a tool shows on a page, or of at most so many `referred` to where that is given."""
    look = run.looks.get((page, tool))
    if look is None or look.seconds is None:
        return None
    return _over(look.tokens, look.shown if referred is None else min(look.shown, referred))


def _knowledge(run: Compared, seen: Sequence[Seen]) -> Iterator[Figure]:
    known = {page: _over(look.known, look.existing) for (page, tool), look in run.looks.items() if tool == OURS}
    known |= {f"{one.page}, each frame": _over(one.existing - len(one.unknown), one.existing) for one in seen}
    shares = [share for share in known.values() if share is not None]
    missing = [f"{one.page} {name}" for one in seen for name in one.unknown]
    detail = _some(missing) or f"all of {sum(one.existing for one in seen):,}, counted frame by frame"
    yield Figure("elements known", min(shares) * 100 if shares else None, 100, unit=" %", least=True, detail=detail)
    traps = [f"{one.page} {name}" for one in seen for name in one.traps]
    shown = sum(look.traps for (_, tool), look in run.looks.items() if tool == OURS)
    measured = max(len(traps), shown) if seen or run.looks else None
    yield Figure("hidden or inert elements known", measured, 0, detail=_some(traps))


def _acting(run: Compared) -> Iterator[Figure]:
    ours = run.steps.get(OURS)
    for tool in (PLAYWRIGHT_MCP, BROWSER_USE):
        faster = _over(run.steps.get(tool), ours)
        yield Figure(f"look + click: faster than {tool}", faster, 7, 10, "x", least=True)
    detail = "" if ours is None else f"{ours * 1000:.0f} ms"
    slower = _over(ours, run.steps.get(AGENT_BROWSER))
    yield Figure(f"look + click, against {AGENT_BROWSER}", slower, 2.5, 1.3, "x", detail=detail)
    late = run.late.get(OURS, ())
    shown = {f"after {one.after * 1000:.0f} ms": one.there for one in late}
    yield _worst("late: looks of 3 that show what came", shown, 3, least=True)
    waited = {f"after {one.after * 1000:.0f} ms": (one.seconds - one.after) * 1000 for one in late}
    yield _worst("late: click and look, beyond what it took to come", waited, 150, 60, unit=" ms")


def _memory(run: Compared) -> Figure:
    others = ", ".join(f"{tool} {mb:.0f}" for tool, mb in run.memory.items() if tool != OURS)
    return Figure(
        "memory after all pages, drivers in, Chromium out", run.memory.get(OURS), 220, 190, " MB", detail=others
    )


def _growth(sizes: Sequence[Growth]) -> Figure:
    name = "time per node, largest page to the smallest"
    detail = ", ".join(f"{size.nodes:,}: {size.seconds * 1000:.0f} ms" for size in sizes)
    return Figure(name, sizes[-1].each / sizes[0].each if len(sizes) > 1 else None, 1, unit="x", detail=detail)


def _worst(
    name: str,
    values: Mapping[str, float | None],
    must: float,
    goal: float | None = None,
    *,
    unit: str = "",
    least: bool = False,
) -> Figure:
    """The figure of the page that is worst off; all pages in its detail. One that failed leaves it unmeasured."""
    there = {page: value for page, value in values.items() if value is not None}
    pick: Callable[..., float] = min if least else max
    measured = pick(there.values()) if there and len(there) == len(values) else None
    return Figure(name, measured, must, goal, unit, least, _parts(values) if there else "")


def _parts(values: Mapping[str, float | None]) -> str:
    return ", ".join(f"{page} {'-' if value is None else number(value)}" for page, value in values.items())


def _over(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def number(value: float) -> str:
    """A number in as many digits as say something: `2.4`, `0.31`, `2,852`."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 1 else f"{value:.2f}"
