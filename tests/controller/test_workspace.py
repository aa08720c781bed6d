"""What a run may read and write."""

from pathlib import Path

import pytest

from webhand.controller.workspace import Workspace
from webhand.errors import ActionDenied, ActionError, InvalidArguments


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "", ".", "a/../../out.md", "sub"])
def test_nothing_is_written_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "work" / "sub").mkdir(parents=True)
    with pytest.raises(ActionDenied, match="is no name of a file in the folder of this run"):
        Workspace(tmp_path / "work").write(name, "x")
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "sub"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "work" / "link.txt").symlink_to(tmp_path / "secret.txt")
    room = Workspace(tmp_path / "work")
    with pytest.raises(ActionDenied):
        room.write("link.txt", "y")
    with pytest.raises(ActionDenied):
        room.readable("link.txt")


def test_writing_adding_and_folders(tmp_path: Path) -> None:
    room = Workspace(tmp_path / "work")
    room.write("list/a.md", "one\n", append=True)
    assert room.write("list/a.md", "two\n", append=True).read_text() == "one\ntwo\n"
    assert room.write("list/a.md", "three").read_text() == "three"
    assert [path.name for path in (tmp_path / "work" / "list").iterdir()] == ["a.md"]


def test_a_file_that_would_be_too_large_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhand.controller.workspace.LARGEST", 10)
    room = Workspace(tmp_path)
    room.write("a.md", "12345678")
    with pytest.raises(ActionError, match="would have 16 bytes, more than 10; begin another file"):
        room.write("a.md", "12345678", append=True)
    assert (tmp_path / "a.md").read_text() == "12345678"


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "a.md" / ".b.md.part").mkdir()
    with pytest.raises(ActionError, match="could not be written"):
        Workspace(tmp_path / "a.md").write("b.md", "x")


def test_what_may_be_read_is_named(tmp_path: Path) -> None:
    listed = tmp_path / "orders.csv"
    listed.write_text("1")
    room = Workspace(tmp_path / "work", [listed])
    room.write("notes.md", "x")
    assert room.readable("orders.csv") == listed.resolve()
    assert room.readable(str(listed)) == listed.resolve()
    with pytest.raises(InvalidArguments, match=r"there is no file nothing.md; files of this task: .*orders.csv, notes"):
        room.readable("nothing.md")
    with pytest.raises(ActionDenied, match=r"/etc/passwd may not be read; files of this task: "):
        room.readable("/etc/passwd")
