import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VENDORS = {"openai", "anthropic", "groq", "google.genai", "boto3", "botocore", "ollama"}
SERVERS = {"mcp", "ray", "starlette", "fastapi", "uvicorn", "aiohttp"}
HEAVY = {"playwright", "opentelemetry.sdk", "PIL", "pyotp"} | VENDORS | SERVERS


def loaded_by(statement: str) -> set[str]:
    """The modules that a fresh Python loads for `statement`, with all that they are inside of."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, timeout=60, check=True
    )
    names = [line.rpartition("|")[2].strip() for line in told.stderr.splitlines() if line.startswith("import time:")]
    parts = [name.split(".") for name in names]
    return {".".join(path[:length]) for path in parts for length in range(1, len(path) + 1)}


def test_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import webhand")
    assert "webhand" in loaded
    assert not loaded & (HEAVY | {"typer", "rich"})


@pytest.mark.parametrize("module", ["webhand.cli.app", "webhand.cli.checks", "webhand.browser.install"])
def test_the_command_line_loads_no_browser_and_no_vendor(module: str) -> None:
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    assert not loaded & HEAVY


def test_the_check_sees_what_is_loaded() -> None:
    assert loaded_by("import json.decoder") >= {"json", "json.decoder"}
    assert "playwright" in loaded_by("import playwright.sync_api")


@pytest.mark.parametrize("room", ["agent", "browser", "controller", "llm"])
def test_the_door_at_the_root_leads_into_the_package(room: str) -> None:
    door = ROOT / room
    if not door.is_symlink() and not door.is_file():
        pytest.skip("an unpacked sdist has no doors")
    # Where links are not supported, git writes the target into a small file.
    target = door.readlink() if door.is_symlink() else Path(door.read_text().strip())
    assert target == Path("webhand", room)
    assert (ROOT / target).is_dir()
