"""`--secret`: where a value stands, and never the value."""

import pytest

from tests.cli.command import called, started
from tests.cli.test_run import TWO
from webhand.cli.secret import read_secrets
from webhand.errors import ConfigError, InvalidSetting


def test_values_come_from_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "opensesame")
    monkeypatch.setenv("KEY", "JBSWY3DPEHPK3PXP")
    found = read_secrets(
        ["pw=env:PW@https://a.example,https://b.example", "here=env:PW", "code=totp:env:KEY@http://c.example"]
    )
    assert {name: one.origins for name, one in found.items()} == {
        "pw": ("https://a.example", "https://b.example"),
        "here": (),
        "code": ("http://c.example",),
    }
    assert found["pw"].reveal() == "opensesame"
    assert len(found["code"].reveal()) == 6


@pytest.mark.parametrize(
    "given", ["pw=opensesame", "pw=opensesame@https://a.example", "opensesame", "=env:PW", "pw=env:PW@opensesame", ""]
)
def test_anything_else_is_refused_without_being_shown(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "x")
    with pytest.raises(ConfigError, match="must say where the value stands") as refused:
        read_secrets([given])
    assert "opensesame" not in str(refused.value)


def test_a_variable_that_is_not_set_and_a_key_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="variable NOT_SET is not set"):
        read_secrets(["pw=env:NOT_SET"])
    monkeypatch.setenv("KEY", "open sesame 189")
    with pytest.raises(InvalidSetting, match="key of a one-time code"):
        read_secrets(["code=totp:env:KEY"])


def test_one_name_is_for_one_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PW", "opensesame")
    with pytest.raises(ConfigError, match="--secret pw is given twice"):
        read_secrets(["pw=env:PW", "pw=env:PW"])


def test_a_run_gets_them_and_a_warning_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIN", "4711")
    told = started(
        "run", 'click "One"', "--model", "offline", "--url", TWO, "--secret", "pin=env:PIN@https://a.example"
    )
    assert told.returncode == 0, told.stderr
    assert "\nwarning: secret 'pin' has fewer than 6 characters" in f"\n{told.stderr}"
    assert "4711" not in told.stderr + told.stdout
    assert called("run", "x", "--model", "offline", "--secret", "pin=4711").returncode == 2
