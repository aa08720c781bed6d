"""The value that stands beside a label in the text of a page, by rule. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from webhand.llm.elements import called, plain
from webhand.llm.messages import PageView

_HEADING = re.compile(
    r"^(?:(?P<marks>#{1,6})\s+|(?:heading|h)(?:[ =]?(?:level[ =]?)?(?P<level>[1-6]))?\b[:\s]*)(?P<text>\S.*)"
)
_NUMBER = r"(?<![\d.,])\d(?:[\d.,' ]{0,18}\d)?"
_AMOUNT = re.compile(rf"(?:[$€£¥₹]|\b(?:EUR|USD|GBP|CHF)) ?{_NUMBER}|{_NUMBER} ?(?:[$€£¥₹]|(?:EUR|USD|GBP|CHF|kr)\b)")
_LONGEST = 2000
_PRICES = ("price", "amount", "cost")
_HEADINGS = ("heading", "headline", "main heading")


def values(label: str, page: PageView) -> tuple[str, ...]:
    """What the page says for the label: nothing, the one value, or several different ones.

    The heading is the first one of the highest level. A price that has no label of its own is the one amount of money
    on the page.
    """
    wanted = plain(label)
    lines = tuple(_lines(page))
    if wanted in _HEADINGS:
        return _headings(lines)
    found = (
        _after_colon(wanted, lines),
        (e.value for e in called(label, page.elements) if e.value),
        _in_row(wanted, lines),
        _in_sentence(wanted, lines),
        _on_next_line(wanted, lines),
        (amount for line in lines for amount in _AMOUNT.findall(line)) if wanted in _PRICES else (),
    )
    return next((different for way in found if (different := _different(way))), ())


def _lines(page: PageView) -> Iterator[str]:
    """The lines of the page without the border at its end, indentation, bullets, references and roles.

    Tabs part the cells of a row.
    """
    roles = "|".join(sorted({re.escape(e.role) for e in page.elements if e.role} | {"button", "link"}))
    marks = re.compile(rf"(?<!\S)(?P<open>\[?)(?P<ref>(?:f\d+)?e\d+)\]?(?: (?:{roles})\b)?(?!\S)")
    known = {e.ref for e in page.elements}

    def without(mark: re.Match[str]) -> str:
        return "" if mark["open"] or mark["ref"] in known else mark[0]

    for line in (page.whole or page.text).splitlines():
        cells = [" ".join(cell.split()) for cell in re.sub(r"^ *[-*•] +", "", marks.sub(without, line)).split("\t")]
        if any(cells) and not cells[-1].endswith(">>>"):
            yield "\t".join(cells)


def _headings(lines: Iterable[str]) -> tuple[str, ...]:
    found = [match for line in lines if (match := _HEADING.match(line))]
    ranked = sorted(found, key=lambda match: len(match["marks"] or "") or int(match["level"] or 6))
    return tuple(_unquoted(re.sub(r"\s*\[level=\d\]$", "", match["text"])) for match in ranked[:1])


def _after_colon(wanted: str, lines: Iterable[str]) -> Iterator[str]:
    """`Order number: WH-1234`, the label at the beginning of the line or at the end of what stands before the colon."""
    for line in lines:
        for colon in re.finditer(r":(?=\s)", line):
            before = plain(line[max(0, colon.start() - len(wanted) - 9) : colon.start()])
            if before == wanted or before.endswith(f" {wanted}"):
                yield line[colon.end() : colon.end() + _LONGEST]


def _in_sentence(wanted: str, lines: Iterable[str]) -> Iterator[str]:
    """`Your order number is WH-1234.`, and `Total 12.90`."""
    label = re.escape(wanted).replace(r"\ ", r"\s+")
    says = re.compile(rf"\b{label}\b(?:\s+is\s+|\s*[=#–—-]\s+)(.+)|^{label}\s+(\S*\d.*)$", re.IGNORECASE)
    for line in lines:
        if match := says.search(line):
            yield match[1] or match[2]


def _in_row(wanted: str, lines: Sequence[str]) -> Iterator[str]:
    """The cell beside the label in a table of two columns, the cells below it in a wider one."""
    rows = [line.split("\t") if "\t" in line else [] for line in lines]
    for number, row in enumerate(rows):
        places = [place for place, cell in enumerate(row) if plain(cell) == wanted]
        if places and len(row) == 2 and places[0] == 0:
            yield row[1]
        elif places:
            yield from (below[places[0]] for below in _below(rows[number + 1 :], len(row)))


def _below(rows: Iterable[list[str]], width: int) -> Iterator[list[str]]:
    for row in rows:
        if len(row) != width:
            return
        yield row


def _on_next_line(wanted: str, lines: Sequence[str]) -> Iterator[str]:
    """The line under one that is just the label, as in a list of terms."""
    for line, below in zip(lines, lines[1:], strict=False):
        if plain(line) == wanted and not _HEADING.match(below):
            yield below


def _different(found: Iterable[str]) -> tuple[str, ...]:
    cleaned = (_unquoted(text.strip()) for text in found)
    return tuple(dict.fromkeys(text for text in cleaned if text))


def _unquoted(text: str) -> str:
    """A value without the quotes around it and the full stop behind it."""
    bare = text.strip()
    if len(bare) > 1 and bare[0] + bare[-1] in ('""', "“”"):
        return bare[1:-1]
    return bare.removesuffix(".")
