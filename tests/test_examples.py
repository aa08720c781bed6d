"""Every example runs as a user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("[0-9]*.py"))
SAID = {
    "01_first_run": "done WH-10001",
    "02_look_and_act": "then Enter; the page went to",
    "03_own_action": "product='Ridge Walker Boots' euros=119.0",
}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_runs(example: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert SAID[example.stem] in done.stdout


def test_examples_are_short() -> None:
    assert EXAMPLES
    assert all(15 <= len(path.read_text("utf-8").splitlines()) <= 60 for path in EXAMPLES)
