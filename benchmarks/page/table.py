"""The figures as a table: for a terminal and for results.md."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.page.figures import Figure, number

HEADS = ("figure", "measured", "must", "goal", "verdict", "detail")
COLOURS = {"goal": "green", "ok": "yellow", "miss": "red", "-": "dim"}


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table and how many figures are met."""
    table = Table(*HEADS, title="The page")
    for figure in figures:
        *cells, verdict, detail = _cells(figure)
        table.add_row(*cells, f"[{COLOURS[verdict]}]{verdict}[/]", detail)
    console.print(table)
    console.print(summary(figures))


def markdown(figures: Sequence[Figure]) -> str:
    """The table in Markdown, with the same summary."""
    rows = [HEADS, ("---",) * len(HEADS), *(_cells(figure) for figure in figures)]
    lines = ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    return "\n".join([*lines, "", summary(figures)])


def summary(figures: Sequence[Figure]) -> str:
    """How many figures there are of each verdict."""
    return ", ".join(_counts(figures)) + f" of {len(figures)} figures"


def _counts(figures: Sequence[Figure]) -> Iterator[str]:
    verdicts = [figure.verdict for figure in figures]
    for verdict, said in (("goal", "reach the goal"), ("ok", "are ok"), ("miss", "miss"), ("-", "are not measured")):
        if verdict in verdicts:
            yield f"{verdicts.count(verdict)} {said}"


def _cells(figure: Figure) -> tuple[str, ...]:
    sign = "≥ " if figure.least else "≤ "
    measured = "-" if figure.measured is None else number(figure.measured) + figure.unit
    goal = "" if figure.goal is None else f"{sign}{number(figure.goal)}{figure.unit}"
    return figure.name, measured, f"{sign}{number(figure.must)}{figure.unit}", goal, figure.verdict, figure.detail
