"""Ending a browser that has outlived its process."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from webhand.browser import Browser
from webhand.browser.process import end_browser

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def group(leader: int) -> Iterator[str]:
    """The processes of a group that still run."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = file.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _, its, *_ = rest.split()
        if int(its) == leader and state not in "ZX":
            yield name


async def test_nothing_that_a_browser_has_started_outlives_it() -> None:
    """Its process for the network would send what was on its way, a moment after the run had looked whether it had."""
    async with Browser() as browser:
        await browser.open("data:text/html,<p>Hello")
        assert browser.pid
        assert len(list(group(browser.pid))) > 2
        assert end_browser(browser.pid)
        assert list(group(browser.pid)) == []


async def test_what_is_no_browser_is_left_alone() -> None:
    assert not end_browser(1)
