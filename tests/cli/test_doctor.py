import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import called, started
from webhand.cli import checks
from webhand.settings import KEY_VARIABLES, Settings

KEYS = [name for names in KEY_VARIABLES.values() for name in names]
PRIVATE = "zq-9f8e7d6c5b4a"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*KEYS, "WEBHAND_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WEBHAND_HOME", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def examined(code: int) -> dict[str, Any]:
    """The findings of `doctor --json` by what they are about; it has to end with `code`."""
    told = called("doctor", "--json")
    assert told.returncode == code, told.stderr
    answer = json.loads(told.stdout)
    assert answer["ok"] is (code == 0)
    return {check["what"]: check for check in answer["checks"]}


def test_a_fit_machine_opens_a_page_and_shows_names_of_keys_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", PRIVATE)
    told = started("doctor")
    assert told.returncode == 0, told.stdout
    assert "opened and read in" in told.stdout
    assert "GROQ_API_KEY" in told.stdout
    assert not any(PRIVATE[at : at + 4] in told.stdout + told.stderr for at in range(len(PRIVATE) - 3))


def test_a_missing_browser_is_essential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(tmp_path / "gone"))
    findings = examined(2)
    assert findings["browser"]["state"] == "fail"
    assert str(tmp_path / "gone") in findings["browser"]["found"]
    assert findings["browser"]["advice"]
    assert "page" not in findings
    assert findings["keys"]["state"] == "warn"


@pytest.mark.skipif(sys.platform == "win32", reason="the browser is a shell script")
def test_a_browser_that_does_not_start_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 127\n")
    broken.chmod(0o755)
    monkeypatch.setenv("WEBHAND_BROWSER", str(broken))
    findings = examined(2)
    for what in ("browser", "page"):
        assert findings[what]["state"] == "fail"
        assert f"{broken} --version" in findings[what]["advice"]


@pytest.mark.skipif(sys.platform != "linux", reason="XDG_CONFIG_HOME moves the settings file on Linux only")
def test_a_wrong_settings_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config" / "webhand" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text("model = 3")
    findings = examined(2)
    assert findings["settings"]["state"] == "fail"
    assert str(file) in findings["settings"]["found"]


def test_the_lines_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(tmp_path / "gone"))
    told = called("doctor")
    assert told.returncode == 2
    lines = told.stdout.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("fail  browser"))
    assert lines[at + 1].strip().startswith("-> ")
    assert told.stderr == ""


def test_no_key_is_a_warning_that_names_the_variables() -> None:
    finding = checks.keys()
    assert finding.state == "warn"
    assert finding.advice
    assert all(name in finding.advice for name in KEYS)
    assert "offline" in finding.advice


def test_the_model_that_is_set_is_told() -> None:
    assert checks.model(Settings("groq/one", Path(), None)).found == "groq/one"
    assert checks.model(Settings(None, Path(), None)).state == "warn"


def test_the_data_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "runs"
    finding = checks.data_folder(home)
    assert finding.state in {"ok", "warn"}
    assert "GB free" in finding.found
    assert list(home.iterdir()) == []


def test_a_data_folder_that_cannot_be_is_essential(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = checks.data_folder(tmp_path / "file" / "runs")
    assert finding.state == "fail"
    assert finding.advice
    assert "WEBHAND_HOME" in finding.advice


@pytest.mark.skipif(sys.platform != "linux", reason="the folders are those of Linux")
def test_fonts_are_counted_with_and_without_fontconfig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    before = checks.font_count()
    (tmp_path / ".fonts").mkdir()
    (tmp_path / ".fonts" / "own.TTF").touch()
    (tmp_path / ".fonts" / "readme.txt").touch()
    assert checks.font_count() == before + 1

    listing = tmp_path / "fc-list"
    listing.write_text("#!/bin/sh\necho one\necho two\n")
    listing.chmod(0o755)
    assert checks.font_count() == 2
    assert checks.fonts().state == "ok"
    listing.write_text("#!/bin/sh\n")
    finding = checks.fonts()
    assert finding.state == "warn"
    assert finding.advice
    assert "fonts-liberation" in finding.advice


def test_a_package_that_is_not_there_is_essential() -> None:
    assert checks.package("playwright").state == "ok"
    assert checks.package("no-such-package-of-webhand").state == "fail"
