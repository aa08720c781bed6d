import sys
from pathlib import Path

import pytest

from webhand.browser.install import PACKAGE_MANAGERS, Command, carry_out, install, plan
from webhand.errors import BrowserMissing, InvalidSetting

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the commands are shell commands")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser, whose only place for commands is this folder."""
    monkeypatch.delenv("WEBHAND_BROWSER", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def shell(script: str, seconds: float = 30) -> Command:
    return Command(("/bin/sh", "-c", script), seconds)


def bringing(folder: Path, answer: str = "echo Chromium 1.2.3.4") -> Command:
    file = folder / "chromium"
    return shell(f"printf '#!/bin/sh\\n{answer}\\n' > {file} && /bin/chmod +x {file}")


def test_one_that_is_there_is_kept(folder: Path) -> None:
    there = folder / "chromium"
    there.write_text("#!/bin/sh\necho Chromium 1.2.3.4\n")
    there.chmod(0o755)
    told: list[str] = []
    assert install(told.append) == there
    assert told == [f"{there} 1.2.3.4 is there already"]


def test_a_wrong_choice_is_an_error_and_nothing_is_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(folder / "gone"))
    told: list[str] = []
    with pytest.raises(InvalidSetting, match="WEBHAND_BROWSER"):
        install(told.append)
    assert told == []


def test_the_next_way_is_tried_when_one_fails(folder: Path) -> None:
    told: list[str] = []
    failing = shell("echo fetching; echo 'E: no way' >&2; exit 7")
    found = carry_out([(failing, shell("exit 1")), (bringing(folder),)], "by hand", told.append)
    assert found == folder / "chromium"
    assert told[0] == f"$ {failing}"
    assert told[1] == f"{failing}: exit code 7: E: no way"
    assert told[-1] == f"{found} 1.2.3.4 is installed"
    assert not any("exit 1" in line for line in told)


def test_all_failures_are_told_in_one_line_with_what_is_left(folder: Path) -> None:
    attempts = [
        (shell("echo first; exit 1"),),
        (Command(("no-such-command",), 5),),
        (shell(":"),),
        (bringing(folder, "exit 127"),),
    ]
    with pytest.raises(BrowserMissing) as caught:
        carry_out(attempts, "do it by hand", lambda line: None)
    text = str(caught.value)
    assert "exit code 1: first" in text
    assert "no-such-command: No such file or directory" in text
    assert "it brought no browser" in text
    assert "is there but does not start" in text
    assert text.endswith("what is left: do it by hand")
    assert "\n" not in text


def test_a_command_that_takes_too_long_is_ended_with_all_it_started(folder: Path) -> None:
    # Both hold the pipe; reading would go on if either lived.
    slow = shell("/bin/sleep 600 & /bin/sleep 600", seconds=0.2)
    with pytest.raises(BrowserMissing, match="stopped after 0.2 s"):
        carry_out([(slow,)], "by hand", lambda line: None)


def test_a_command_that_asks_gets_no_answer(folder: Path) -> None:
    asking = shell('read answer || echo "nobody answers $DEBIAN_FRONTEND"; exit 3')
    with pytest.raises(BrowserMissing, match="exit code 3: nobody answers noninteractive"):
        carry_out([(asking,)], "by hand", lambda line: None)


def test_root_gets_playwrights_then_the_package_managers() -> None:
    attempts, advice = plan(True, ["apt-get"], "linux")
    assert [str(attempt[-1]).split()[0] for attempt in attempts] == ["python", "apt-get"]
    assert "--with-deps" in attempts[0][0].arguments
    assert attempts[1] == PACKAGE_MANAGERS["apt-get"]
    assert "WEBHAND_BROWSER" in advice


def test_others_get_playwrights_and_are_told_the_sudo_command() -> None:
    attempts, advice = plan(False, ["dnf"], "linux")
    assert len(attempts) == 1
    assert "--with-deps" not in attempts[0][0].arguments
    assert advice == "sudo dnf install -y chromium"


def test_where_nothing_can_be_installed_the_platforms_command_is_told() -> None:
    assert "brew install" in plan(False, [], "darwin")[1]
    assert "winget install" in plan(False, [], "win32")[1]
    assert "WEBHAND_BROWSER" in plan(False, [], "linux")[1]
