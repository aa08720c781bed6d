"""How long a server asks to wait, out of the headers of its answer."""

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `retry-after-ms`, `retry-after` (seconds or date) or the rate limit's reset, else None.

    The names in `headers` are lower case. A hint of no time at all says nothing.
    """
    for seconds in (_milliseconds(headers), _after(headers), _reset(headers)):
        if seconds is not None and seconds > 0:
            return seconds
    return None


def _milliseconds(headers: Mapping[str, str]) -> float | None:
    number = _number(headers.get("retry-after-ms", ""))
    return None if number is None else number / 1000


def _after(headers: Mapping[str, str]) -> float | None:
    text = headers.get("retry-after", "")
    number = _number(text)
    return _until(text, headers) if number is None else number


def _until(date: str, headers: Mapping[str, str]) -> float | None:
    moment = _moment(date)
    return None if moment is None else moment - now(headers)


def now(headers: Mapping[str, str]) -> float:
    """The time, in seconds since 1970, by the clock of the server whose headers these are; else by ours.

    Its moments are told by its own clock, and ours may be hours ahead or behind.
    """
    told = _moment(headers.get("date", ""))
    return time.time() if told is None else told


def _moment(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _reset(headers: Mapping[str, str]) -> float | None:
    """The reset of what is used up; where no header says what that is, the nearest."""
    resets = {kind: duration(headers.get(f"x-ratelimit-reset-{kind}", "")) for kind in ("requests", "tokens")}
    known = {kind: seconds for kind, seconds in resets.items() if seconds}
    used_up = [seconds for kind, seconds in known.items() if headers.get(f"x-ratelimit-remaining-{kind}") == "0"]
    return max(used_up) if used_up else min(known.values(), default=None)


def duration(text: str) -> float | None:
    """Seconds in texts such as `7.66s`, `2m59.56s`, `120ms` or `3`; None for anything else."""
    text = text.strip()
    if DURATION.fullmatch(text):
        return _number(str(sum(float(number) * SECONDS[unit] for number, unit in DURATION_PART.findall(text))))
    return _number(text)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
