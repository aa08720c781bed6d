"""Every example runs as a user runs it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
SAID = {
    "01_first_run": "done WH-10001",
    "02_look_and_act": "then Enter; the page went to",
    "03_own_action": "product='Ridge Walker Boots' euros=119.0",
    "04_people": "the person answers: brown I know now what to look for.",
}
TYPED = {"04_people": "brown\n"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_example_runs(example: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(example)],
        input=TYPED.get(example.stem, ""),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert SAID[example.stem] in done.stdout


def test_examples_are_short() -> None:
    assert EXAMPLES
    assert all(15 <= len(path.read_text("utf-8").splitlines()) <= 60 for path in EXAMPLES)


def test_what_the_page_on_people_shows_is_in_its_example() -> None:
    page, example = ROOT / "docs" / "people.md", ROOT / "examples" / "04_people.py"
    blocks = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert blocks
    assert all(block in example.read_text("utf-8") for block in blocks)
