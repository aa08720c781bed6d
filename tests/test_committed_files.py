import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
REGISTRIES = re.compile(r"(?:pypi|pythonhosted|npmjs|(?:deb|security)\.debian|crates)\.(?:org|com|io)\b")
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")

if not (ROOT / ".git").exists():
    pytest.skip("only a checkout knows which files are committed", allow_module_level=True)


def committed() -> Iterator[tuple[str, str]]:
    """Name and text of each committed file; files that are no text are left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        if file.is_file() and b"\0" not in (content := file.read_bytes()):
            yield name, content.decode(errors="replace")


def test_no_file_names_a_registry_or_a_place_of_this_machine() -> None:
    texts = dict(committed())
    assert "pyproject.toml" in texts
    assert [name for name, text in texts.items() if REGISTRIES.search(text) or f"{ROOT}/" in text] == []


def test_every_relative_link_of_a_page_leads_to_a_file() -> None:
    pages = {name: text for name, text in committed() if name.endswith(".md")}
    assert "README.md" in pages
    links = [(name, link) for name, text in pages.items() for link in LINK.findall(text)]
    assert [(name, link) for name, link in links if not (ROOT / name).parent.joinpath(link).exists()] == []
