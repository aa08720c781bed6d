"""The exit codes, and which kind of error has which."""

from webhand import errors
from webhand.errors import BrowserMissing, ConfigError, LaunchFailed, LLMError, WebhandError

DONE, FAILED, USAGE, LIMIT, VENDOR, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 4, 130, 143


def exit_code(error: WebhandError) -> int:
    """The exit code that tells what kind of error ended a command."""
    return code_of(type(error))


def code_of(kind: type[WebhandError]) -> int:
    """The exit code for errors of this class."""
    if issubclass(kind, (ConfigError, BrowserMissing, LaunchFailed)):
        return USAGE
    return VENDOR if issubclass(kind, LLMError) else FAILED


def read_error(told: str) -> tuple[str, int]:
    """The text and the exit code of an error that a log keeps as `AuthError: the text`."""
    name, colon, text = told.partition(": ")
    kind = getattr(errors, name, None)
    if colon and isinstance(kind, type) and issubclass(kind, WebhandError):
        return text, code_of(kind)
    return told, FAILED
