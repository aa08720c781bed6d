import os
import sys
from pathlib import Path

import pytest

from webhand.browser.executable import CHANNELS, browser_version, find_executable, system_places
from webhand.errors import BrowserMissing, InvalidSetting

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the places are those of Linux")


class Machine:
    """A machine whose browsers are small scripts below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def program(self, path: str, *, mode: int = 0o755, text: str = "echo Chromium 1.2.3.4") -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(mode)
        return file

    def command(self, name: str) -> Path:
        return self.program(f"bin/{name}")

    def download(self, revision: int, *, place: str = "chrome-linux64/chrome", complete: bool = True) -> Path:
        folder = f"cache/ms-playwright/chromium-{revision}"
        program = self.program(f"{folder}/{place}")
        if complete:
            (self.root / folder / "INSTALLATION_COMPLETE").touch()
        return program


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in ("WEBHAND_BROWSER", "PLAYWRIGHT_BROWSERS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Machine(tmp_path)


def test_the_argument_is_first(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(machine.program("set")))
    given = machine.program("given")
    assert find_executable(given) == given
    assert find_executable(str(given), "chrome") == given


def test_the_argument_may_be_a_command_or_below_the_home_folder(machine: Machine) -> None:
    command = machine.command("chromium-nightly")
    assert find_executable("chromium-nightly") == command
    assert find_executable("~/bin/chromium-nightly") == command


def test_a_local_path_is_no_command(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.command("chromium")
    local = machine.program("here/chromium")
    monkeypatch.chdir(local.parent)
    assert find_executable("./chromium") == local


def test_the_one_that_is_set_is_second(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.download(1)
    chosen = machine.program("set")
    monkeypatch.setenv("WEBHAND_BROWSER", str(chosen))
    assert find_executable() == chosen


def test_the_settings_file_may_set_it(machine: Machine) -> None:
    machine.command("chromium")
    chosen = machine.program("set")
    file = machine.root / "config" / "webhand" / "settings.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'browser = "{chosen}"\n')
    assert find_executable() == chosen
    chosen.unlink()
    with pytest.raises(InvalidSetting, match="browser in the settings file: .*set is not there"):
        find_executable()


def test_playwrights_download_is_third_newest_first(machine: Machine) -> None:
    machine.command("chromium")
    machine.download(999)
    newest = machine.download(1255)
    assert find_executable() == newest


def test_a_download_of_an_older_playwright_is_found(machine: Machine) -> None:
    older = machine.download(1100, place="chrome-linux/chrome")
    assert find_executable() == older


def test_a_download_that_was_cut_off_is_left_out(machine: Machine) -> None:
    whole = machine.download(1000)
    machine.download(1255, complete=False)
    assert find_executable() == whole


def test_downloads_may_lie_elsewhere(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = machine.download(1255)
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine.root / "empty"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(machine.root / "cache" / "ms-playwright"))
    assert find_executable() == found


def test_the_systems_is_last_and_chromium_before_brands(machine: Machine) -> None:
    edge = machine.command("microsoft-edge")
    assert find_executable() == edge
    chrome = machine.command("google-chrome-stable")
    assert find_executable() == chrome
    chromium = machine.command("chromium-browser")
    assert find_executable() == chromium


def test_nothing_is_told_with_the_command_that_helps(machine: Machine) -> None:
    with pytest.raises(BrowserMissing, match=r"webhand install$"):
        find_executable()


@pytest.mark.parametrize("given_by", ["argument", "variable"])
def test_a_named_one_that_cannot_be_started_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, given_by: str
) -> None:
    machine.command("chromium")
    plain = machine.program("plain", mode=0o644)
    for path, problem in [
        (machine.root / "gone", "is not there"),
        (plain, "cannot be executed"),
        (Path("/"), "folder"),
    ]:
        monkeypatch.setenv("WEBHAND_BROWSER", str(path))
        with pytest.raises(InvalidSetting) as caught:
            find_executable(path if given_by == "argument" else None)
        assert str(path) in str(caught.value)
        assert problem in str(caught.value)
        assert ("WEBHAND_BROWSER" in str(caught.value)) == (given_by == "variable")


def test_a_channel_leaves_all_others_out(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    chromium = machine.command("chromium")
    monkeypatch.setenv("WEBHAND_BROWSER", str(chromium))
    machine.download(1255)
    with pytest.raises(BrowserMissing, match="'msedge-beta'"):
        find_executable(channel="msedge-beta")
    beta = machine.command("microsoft-edge-beta")
    assert find_executable(channel="msedge-beta") == beta


def test_the_channel_chromium_takes_a_download_before_the_systems(machine: Machine) -> None:
    chromium = machine.command("chromium")
    assert find_executable(channel="chromium") == chromium
    download = machine.download(1255)
    assert find_executable(channel="chromium") == download


def test_an_unknown_channel_is_told_with_those_there_are(machine: Machine) -> None:
    with pytest.raises(InvalidSetting) as caught:
        find_executable(channel="firefox")
    for channel in CHANNELS:
        assert channel in str(caught.value)


def test_the_places_on_macos_and_windows(tmp_path: Path) -> None:
    mac = list(system_places(CHANNELS["chrome"], "darwin", {}, tmp_path))
    inside = Path("Applications", "Google Chrome.app", "Contents", "MacOS", "Google Chrome")
    assert mac == [Path("/") / inside, tmp_path / inside]

    folders = {"PROGRAMFILES": "/programs", "LOCALAPPDATA": "/local"}
    windows = list(system_places(CHANNELS["msedge"], "win32", folders, tmp_path))
    inside = Path("Microsoft", "Edge", "Application", "msedge.exe")
    assert windows == [Path("/programs") / inside, Path("/local") / inside]


def test_no_empty_entry_of_the_path_means_the_current_folder(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(machine.program("here/chromium").parent)
    monkeypatch.setenv("PATH", f"{os.pathsep}{machine.root / 'bin'}")
    with pytest.raises(BrowserMissing):
        find_executable()


def test_the_version_is_what_the_browser_tells(machine: Machine) -> None:
    told = machine.program("told", text='echo "Chromium 159.0.8154.6 built on something 12"')
    assert browser_version(told) == "159.0.8154.6"


@pytest.mark.parametrize("text", ["echo Chromium 1.2.3.4; exit 127", "echo needs a snap", "kill -9 $$"])
def test_a_browser_that_does_not_start_has_no_version(machine: Machine, text: str) -> None:
    assert browser_version(machine.program("broken", text=text)) is None
    assert browser_version(machine.program("plain", mode=0o644)) is None
