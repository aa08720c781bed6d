"""What a person sets once: the model, the data folder and the browser."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from platformdirs import user_config_path, user_data_path

from webhand.errors import ConfigError, InvalidSetting

KEY_VARIABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "openai": ("OPENAI_API_KEY",),
        "azure": ("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"),
        "anthropic": ("ANTHROPIC_API_KEY",),
        "gemini": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
        "bedrock": ("AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"),
        "groq": ("GROQ_API_KEY",),
        "deepseek": ("DEEPSEEK_API_KEY",),
        "ollama": ("OLLAMA_API_KEY",),
        "openrouter": ("OPENROUTER_API_KEY",),
        "mistral": ("MISTRAL_API_KEY",),
        "cerebras": ("CEREBRAS_API_KEY",),
        "xai": ("XAI_API_KEY",),
        "together": ("TOGETHER_API_KEY",),
        "fireworks": ("FIREWORKS_API_KEY",),
    }
)
"""The variables that a provider's key is read from, the first that is set wins."""

EXPECTED: Mapping[str, str] = MappingProxyType(
    {
        "model": 'a text such as "groq/openai/gpt-oss-120b"',
        "home": 'a text with the path of a folder, such as "/srv/webhand"',
        "browser": 'a text with the path of a Chromium, such as "/usr/bin/chromium"',
    }
)


@dataclass(frozen=True)
class Settings:
    """What is set, the environment before the settings file.

    `home` is the data folder; it need not exist yet. `browser` is a path or the name of a command.
    """

    model: str | None
    home: Path
    browser: str | None


def settings_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return user_config_path("webhand", appauthor=False) / "settings.toml"


def load_settings(*, file: Path | None = None) -> Settings:
    """The settings from `WEBHAND_MODEL`, `WEBHAND_HOME`, `WEBHAND_BROWSER` and the settings file.

    Raises InvalidSetting when the file cannot be read or holds something else than expected.
    """
    path = file or settings_file()
    written = _read(path)
    home = _from_environment("home") or written.get("home")
    return Settings(
        model=_from_environment("model") or written.get("model"),
        home=Path(home).expanduser() if home else user_data_path("webhand", appauthor=False),
        browser=_from_environment("browser") or written.get("browser"),
    )


def require_model(given: str | None) -> str:
    """The name of the model to use: `given`, else the one that is set.

    Raises ConfigError when there is none; its text lists what can be set.
    """
    model = given or load_settings().model
    if model:
        return model
    keys = " ".join(name for names in KEY_VARIABLES.values() for name in names)
    raise ConfigError(
        f'no model is chosen: give --model PROVIDER/NAME, set WEBHAND_MODEL, or write model = "PROVIDER/NAME" into '
        f"{settings_file()}; the provider's key is read from one of {keys}; --model offline needs no key"
    )


def _from_environment(key: str) -> str | None:
    return os.environ.get(f"WEBHAND_{key.upper()}", "").strip() or None


def read_toml(path: Path, parse_float: Callable[[str], object] = float) -> dict[str, object] | None:
    """What a file of settings holds, None when there is none; InvalidSetting when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=parse_float)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidSetting(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InvalidSetting(f"{path} is not valid TOML: {error}") from error


def _read(path: Path) -> dict[str, str]:
    return {key: _checked(path, key, value) for key, value in (read_toml(path) or {}).items()}


def _checked(path: Path, key: str, value: object) -> str:
    if key not in EXPECTED:
        raise InvalidSetting(f"{path}: unknown key {key!r}; the keys are {', '.join(EXPECTED)}")
    if not isinstance(value, str) or not value.strip():
        raise InvalidSetting(f"{path}: {key} must be {EXPECTED[key]}, not {value!r}")
    return value.strip()
