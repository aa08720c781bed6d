"""What some servers leave in an answer of what the model thought before it."""

import re

_LEADING = re.compile(r"\s*<(think|thinking|reasoning)>.*?(?:</\1>\s*|\Z)", re.IGNORECASE | re.DOTALL)


def without_thoughts(text: str) -> str:
    """The text without thoughts at its beginning; those that do not end are all of it."""
    return _LEADING.sub("", text, count=1) if _LEADING.match(text) else text
