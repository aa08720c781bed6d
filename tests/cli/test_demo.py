import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.cli.command import called, started


def test_the_demo_orders_and_shows_each_step(tmp_path: Path) -> None:
    told = started("demo")
    assert (told.returncode, told.stderr) == (0, ""), told.stdout + told.stderr
    written = told.stdout.splitlines()
    assert sum(bool(re.match(r" +\d+  ", line)) for line in written) > 5
    assert "answer: WH-10001" in written
    assert written[-2].startswith("the shop has order WH-10001: 1 x Ridge Walker Boots, 42, Forest green")
    page = Path(written[-1].removeprefix("the run as a page: "))
    assert page.parent == tmp_path / "webhand-home" / "reports"
    assert "WH-10001" in page.read_text("utf-8")


def test_an_order_that_the_shop_does_not_have_is_no_success(serve_model: Callable[[Callable[[], str]], str]) -> None:
    done = {"evaluation": "", "memory": "", "next_goal": "report", "actions": [{"done": {"answer": "WH-10001"}}]}
    base = serve_model(lambda: json.dumps(done))
    told = called("demo", "--model", "compatible/liar", "--base-url", base)
    assert told.returncode == 1
    assert "answer: WH-10001" in told.stdout
    assert "the shop has order" not in told.stdout
    assert told.stderr == "error: the shop has no order of this number\n"
