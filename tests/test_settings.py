from pathlib import Path

import pytest

from webhand.errors import ConfigError, InvalidSetting
from webhand.settings import KEY_VARIABLES, load_settings, require_model, settings_file


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("WEBHAND_MODEL", "WEBHAND_HOME", "WEBHAND_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def written(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_only_the_data_folder_has_a_value(tmp_path: Path) -> None:
    settings = load_settings()
    assert (settings.model, settings.browser) == (None, None)
    assert settings.home.is_relative_to(tmp_path)
    assert "webhand" in settings.home.parts


def test_the_file_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, 'model = "groq/one"\nhome = "~/runs"\nbrowser = "/opt/chromium"\n')
    settings = load_settings(file=file)
    assert (settings.model, settings.home, settings.browser) == ("groq/one", tmp_path / "runs", "/opt/chromium")


def test_the_file_of_the_platform_is_the_one_that_is_read() -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('model = "groq/one"\n')
    assert load_settings().model == "groq/one"


def test_the_environment_wins_and_an_empty_variable_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, 'model = "groq/one"\nbrowser = "/opt/chromium"\n')
    monkeypatch.setenv("WEBHAND_MODEL", "openai/two")
    monkeypatch.setenv("WEBHAND_HOME", str(tmp_path / "here"))
    monkeypatch.setenv("WEBHAND_BROWSER", " ")
    settings = load_settings(file=file)
    assert (settings.model, settings.home, settings.browser) == ("openai/two", tmp_path / "here", "/opt/chromium")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("model = ", "is not valid TOML"),
        ("model = 3", "model must be a text such as"),
        ('browser = ""', "browser must be a text with the path"),
        ("[home]", "home must be a text with the path of a folder"),
        ('modle = "groq/one"', "unknown key 'modle'; the keys are model, home, browser"),
    ],
)
def test_a_wrong_file_is_told_with_its_name_and_what_is_expected(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(InvalidSetting) as caught:
        load_settings(file=file)
    assert str(caught.value).startswith(str(file))
    assert told in str(caught.value)


def test_the_value_of_an_unknown_key_is_not_told(tmp_path: Path) -> None:
    file = written(tmp_path, 'api_key = "sk-very-private"')
    with pytest.raises(InvalidSetting) as caught:
        load_settings(file=file)
    assert "private" not in str(caught.value)


def test_a_file_in_another_encoding_and_a_folder_are_told(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes('model = "größe"'.encode("latin-1"))
    with pytest.raises(InvalidSetting, match="is not valid TOML"):
        load_settings(file=file)
    with pytest.raises(InvalidSetting, match="cannot be read"):
        load_settings(file=tmp_path)


def test_a_given_model_wins_over_the_one_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_MODEL", "openai/two")
    assert require_model(None) == "openai/two"
    assert require_model("offline") == "offline"


def test_no_model_is_an_error_that_lists_what_can_be_set() -> None:
    with pytest.raises(ConfigError) as caught:
        require_model(None)
    text = str(caught.value)
    for name in ("--model offline", "WEBHAND_MODEL", str(settings_file()), *sum(KEY_VARIABLES.values(), ())):
        assert name in text
    assert "\n" not in text
