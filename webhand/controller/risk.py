"""Which actions a person is asked about when somebody wants to be asked about risky ones. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

COMMITS = (
    "accept and pay|approve|authori[sz]e|book|buy|cancel (?:my |the )?(?:account|order|subscription|membership)"
    "|check ?out|confirm|delete|deactivate|discard|donate|erase|invite|order|pay|place (?:an? |your |the )?order|post"
    "|publish|purchase|remove|reply|reset|revoke|send|share|sign (?:the|this)|submit|subscribe|transfer|unsubscribe"
    "|wire"
)
"""Words of buttons behind which something is bought, sent, shown to others or lost."""
_COMMITS = re.compile(rf"\b(?:{COMMITS})\b", re.IGNORECASE)
ALWAYS = ("upload", "page_tool", "evaluate")
"""Actions that hand something over, whatever they are used on."""


def risky(action: str, arguments: Mapping[str, Any], target: str | None) -> bool:
    """Whether an action may do what cannot be undone, judged by its kind and by what its target is called.

    A point of a picture says nothing of what it is: a click there is taken for one. It errs on the side of asking; it
    is a help for somebody who watches, not a defence.
    """
    if action in ALWAYS or action == "click_at":
        return True
    if action == "type":
        return bool(arguments.get("submit"))
    if action == "press":
        return str(arguments.get("keys", "")).rpartition("+")[2].casefold() in ("enter", "return")
    return action in ("click", "drag", "answer_dialog") and bool(_COMMITS.search(target or ""))
