"""`webhand snapshot`: what a model would see, as text, as JSON, as a picture."""

import json
from pathlib import Path

import pytest

from tests.cli.command import called, started

PAGE = "data:text/html,<title>Shop</title><h1>Boots</h1><button>Buy</button>"
LONG = "data:text/html,<title>Long</title>" + ("<p>" + "many words of a text " * 5 + "</p><a href=x>more</a>") * 60


def test_the_text_that_a_model_reads() -> None:
    told = started("snapshot", PAGE)
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith("Page: Shop | data:text/html,")
    assert told.stdout.endswith("<<<page\n# Boots\ne1 button Buy\npage>>>\n")


def test_json_and_picture(tmp_path: Path) -> None:
    picture = tmp_path / "view"
    told = called("snapshot", PAGE, "--json", "--picture", str(picture))
    seen = json.loads(told.stdout)
    assert seen["title"] == "Shop"
    assert [(one["ref"], one["role"], one["name"]) for one in seen["elements"]] == [("e1", "button", "Buy")]
    assert picture.read_bytes()[:2] == b"\xff\xd8"


def test_a_budget() -> None:
    short, long = called("snapshot", LONG, "--budget", "300"), called("snapshot", LONG)
    assert "more" in short.stdout
    assert len(short.stdout) < len(long.stdout) / 2


def test_an_address_that_does_not_open() -> None:
    told = called("snapshot", "http://127.0.0.1:9/")
    assert told.returncode == 1
    assert told.stderr.startswith("error: http://127.0.0.1:9/ did not open")
    assert told.stderr.count("\n") == 1


def test_a_picture_is_what_its_name_says(tmp_path: Path) -> None:
    picture = tmp_path / "view.png"
    assert called("snapshot", PAGE, "--picture", str(picture)).returncode == 0
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize(
    ("place", "why"),
    [("gone/view.jpg", "there is no folder"), (".", "is a folder"), ("view.txt", "ends with .jpg, .jpeg, .png")],
)
def test_a_picture_that_cannot_be_written_is_told_before_the_look(tmp_path: Path, place: str, why: str) -> None:
    told = called("snapshot", PAGE, "--picture", str(tmp_path / place))
    assert told.returncode == 2
    assert why in told.stderr
