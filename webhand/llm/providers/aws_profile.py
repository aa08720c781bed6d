"""The AWS profile that boto3 would take its credentials from, found without loading it."""

import os
from collections.abc import Mapping
from configparser import ConfigParser, Error
from pathlib import Path

# Any of these in a profile says how credentials are had; others, such as the region, do not.
SOURCES = frozenset(
    {
        *("aws_access_key_id", "role_arn", "credential_process", "login_session"),
        *("sso_session", "sso_start_url", "web_identity_token_file"),
    }
)


def aws_profile() -> str | None:
    """The name of the profile in use if it has credentials, else None. What they are worth is not asked."""
    name = os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE") or "default"
    keys = _section("AWS_SHARED_CREDENTIALS_FILE", "credentials", name)
    settings = _section("AWS_CONFIG_FILE", "config", "default" if name == "default" else f"profile {name}")
    return name if SOURCES & {*keys, *settings} else None


def _section(variable: str, file: str, section: str) -> Mapping[str, str]:
    path = Path(os.environ.get(variable) or f"~/.aws/{file}").expanduser()
    parser = ConfigParser(interpolation=None, strict=False, default_section="")
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
        return parser[section] if parser.has_section(section) else {}
    except (OSError, ValueError, Error):  # boto3 says what is wrong with it when it is used
        return {}
