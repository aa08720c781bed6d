"""How the benchmark of the page works its figures out; nothing is measured here."""

from typing import Any

import pytest

from benchmarks.page.figures import Figure, figures, number
from benchmarks.page.looks import named, page_words
from benchmarks.page.measured import Growth, Measured, Seen, compared
from benchmarks.page.table import markdown


def looked(tool: str, seconds: float | None, *, tokens: int = 200, keys: int = 10) -> dict[str, Any]:
    row = {"page": "shop", "tool": tool, "tokens": tokens, "keys": keys, "known": 20, "all": 20, "traps": 0}
    return row if seconds is None else {**row, "median": seconds}


ROWS = [
    looked("webhand", 0.02, tokens=60),
    looked("floor", 0.005),
    looked("aria", 0.05),
    looked("chrome-devtools", 0.1),
    looked("browser-use", 0.6),
    looked("agent-browser", None),
    {"tool": "webhand", "mb": 200.0, "look+click": 0.04},
    {"tool": "agent-browser", "mb": 600.0, "look+click": 0.01},
    {"tool": "webhand", "late": {"50": [3, 0.11], "300": [2, 0.34]}},
]
SEEN = Seen("shop", 60, 10, 45, 7, 5, 1, 20, ("k9",), (), ())


@pytest.fixture
def found() -> dict[str, Figure]:
    run = Measured(compared(ROWS), (SEEN,), (Growth(10_000, 0.1), Growth(100_000, 1.5)))
    return {figure.name: figure for figure in figures(run)}


@pytest.mark.parametrize(
    ("measured", "least", "verdict"),
    [(2.0, False, "goal"), (3.0, False, "goal"), (3.1, False, "ok"), (6.0, False, "ok"), (6.1, False, "miss")]
    + [(2.0, True, "miss"), (6.0, True, "goal"), (None, False, "-"), (None, True, "-")],
)
def test_verdict(measured: float | None, least: bool, verdict: str) -> None:
    must, goal = (3, 6) if least else (6, 3)
    assert Figure("it", measured, must, goal, least=least).verdict == verdict


def test_without_a_goal_what_is_reached_is_ok() -> None:
    assert Figure("it", 100, 100, least=True).verdict == "ok"


@pytest.mark.parametrize(
    ("name", "measured", "verdict"),
    [
        ("look, every page, against the floor", 4, "ok"),
        ("look, shop: faster than the fastest peer", 5, "ok"),
        ("look, shop: faster than browser-use", 30, "goal"),
        ("tokens per element shown, shop: of browser-use's", 0.3, "goal"),
        ("tokens beyond names and text, per element shown", 4.5, "ok"),
        ("elements known", 95, "miss"),
        ("look + click, against agent-browser", 4, "miss"),
        ("late: looks of 3 that show what came", 2, "miss"),
        ("late: click and look, beyond what it took to come", 60, "goal"),
        ("memory after all pages, drivers in, Chromium out", 200, "ok"),
        ("second look, nothing changed", 7, "goal"),
        ("time per node, largest page to the smallest", 1.5, "miss"),
    ],
)
def test_figures(found: dict[str, Figure], name: str, measured: float, verdict: str) -> None:
    assert found[name].measured == pytest.approx(measured)
    assert found[name].verdict == verdict


def test_a_part_of_a_tool_is_told_beside_the_tools(found: dict[str, Figure]) -> None:
    detail = found["look, shop: faster than the fastest peer"].detail
    assert detail == "shop (chrome-devtools) 5; than aria, a part of one: shop 2.5"


def test_what_was_not_measured_has_no_figure(found: dict[str, Figure]) -> None:
    assert found["look + click: faster than playwright-mcp"].verdict == "-"
    assert found["tokens per element shown, shop: of playwright-mcp's"].measured is None


def test_table_has_a_line_for_each_figure_and_counts_the_verdicts(found: dict[str, Figure]) -> None:
    lines = markdown(list(found.values())).splitlines()
    assert "| memory after all pages, drivers in, Chromium out | 200 MB | ≤ 220 MB | ≤ 190 MB | ok |" in lines[-5]
    assert lines[-1].endswith(f"of {len(lines) - 4} figures")


def test_only_the_words_of_the_page_are_its_own() -> None:
    text = '# Stock\n| 3 | e5 link k5 river | 10 |\ne7 textbox Place = "here" (disabled)\n… 9 more rows below: scroll'
    words = frozenset({"Stock", "3", "k5", "river", "10", "Place"})
    assert page_words(text, words) == "Stock\n3 k5 river 10\nPlace"


def test_references_are_named_alone_or_in_a_range() -> None:
    single, ranged = named("f2e3 button k1 Go\n(covered by Box: 6 elements, e5…e8)\n1.e9 some text")
    assert single == {"f2e3", "e5", "e8"}
    assert ranged == {"e5", "e6", "e7", "e8"}


@pytest.mark.parametrize(("value", "text"), [(2852, "2,852"), (2.44, "2.4"), (0.314, "0.31"), (150.6, "151"), (3, "3")])
def test_number(value: float, text: str) -> None:
    assert number(value) == text
