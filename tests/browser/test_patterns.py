"""Patterns of front ends that others wrote, each as a small page: what the text says of it, and what it does not.

Beside each page of `tests/pages` stands `NAME.txt`: a line `+ words` has to be in the text, `- words` must not be;
references are left out, and `⏎` is the end of a line.
"""

import re
from pathlib import Path

import pytest

from tests.conftest import Show

PAGES = Path(__file__).parents[1] / "pages"


@pytest.mark.parametrize("page", sorted(one.stem for one in PAGES.glob("*.txt")))
async def test_a_pattern(page: str, shown_again: Show) -> None:
    tab = await shown_again("")
    await tab.goto((PAGES / f"{page}.html").as_uri())
    text = re.sub(r"\b(?:f\d+)?e\d+ ", "", (await tab.observe()).text) + "\n"
    for line in (PAGES / f"{page}.txt").read_text("utf-8").splitlines():
        wanted = line[2:].replace("⏎", "\n")
        assert (wanted in text) is (line[0] == "+"), f"{line}\n---\n{text}"
