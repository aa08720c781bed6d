"""How long a server asks to wait, out of the headers of its answer."""

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")
DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
LIMITS = {"requests": re.compile(r"\brequests per\b|\brp[dm]\b"), "tokens": re.compile(r"\btokens per\b|\btp[dm]\b")}
"""By kind, what throttles call a limit."""
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by `retry-after-ms` or `retry-after` (seconds or date), else None.

    The names in `headers` are lower case. A hint of no time at all says nothing.
    """
    for seconds in (_milliseconds(headers), _after(headers)):
        if seconds is not None and seconds > 0:
            return seconds
    return None


def reset_after(headers: Mapping[str, str], words: str) -> float | None:
    """Seconds until the limit is reset that is used up or that the error's words, in lower case, name; else the last.

    None where no header tells of any. A server that tells its limits does not say that to wait so long is enough.
    """
    resets = {kind: duration(headers.get(f"x-ratelimit-reset-{kind}", "")) for kind in LIMITS}
    left = {kind: _number(headers.get(f"x-ratelimit-remaining-{kind}", "")) for kind in LIMITS}
    # With tokens left, a request may be larger than they; with requests left, one more may be made.
    known = {kind: seconds for kind, seconds in resets.items() if seconds and not (kind == "requests" and left[kind])}
    used_up = [kind for kind in known if left[kind] == 0]
    named = [kind for kind in known if LIMITS[kind].search(words)]
    return max((known[kind] for kind in used_up or named or known), default=None)


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
