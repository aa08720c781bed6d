"""Plain literal instructions, split and read; what `OfflineModel` understands and nothing more. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Verb = Literal[
    "open", "type", "click", "press", "select", "check", "scroll", "wait", "back", "search", "tell", "unknown"
]

UNDERSTOOD = (
    'open URL; type "text" into "Label"; fill "Label" with "text"; click "Name"; click the 2nd "Name"; '
    'select "Option" in "Label"; check "Label"; uncheck "Label"; search for "text"; press Enter; scroll down; '
    'wait for "text"; wait 2 seconds; go back; tell me the heading; tell me the LABEL; read "Label"'
)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: `source` as it was written, `target` the name it is about, `value` what to put there.

    `kind` is the kind of element that was said (`button`), `nth` counts from 0 where an ordinal was said, -1 is the
    last; `amount` is views to scroll or seconds to wait; `on` is False for `uncheck`. The verb of one that is not
    understood is `unknown`.
    """

    source: str
    verb: Verb
    target: str = ""
    value: str = ""
    kind: str = ""
    nth: int | None = None
    amount: float = 1
    on: bool = True


_QUOTED = r"""“[^”]*”|„[^“”]*[“”]|«[^»]*»|"[^"]*"|(?<!\w)'[^']*'(?!\w)|<secret:[^<>\s]+>"""
_WRITTEN_ADDRESS = r"""\b[a-z][a-z0-9+.-]*://[^\s"“„«]*[^\s"“„«.,;!)]"""
_STARTS = (
    "open|go|visit|type|enter|write|fill|click|press|tap|follow|choose|select|pick|check|tick|uncheck|untick|scroll"
    "|wait|search|tell|read"
)
_ENDS = rf"[,;\n]|[.!](?=\s|$)|\b(?:and\s+)?then\b|\band(?=\s+(?:{_STARTS})\b)"
_PIECES = re.compile(rf"(?P<whole>{_QUOTED}|{_WRITTEN_ADDRESS})|{_ENDS}", re.IGNORECASE)
_LEAD = re.compile(r"^(?:[-*•\s]+|\d+[.)]\s+|(?:and|please|now|first|finally)\b\s*)+", re.IGNORECASE)


def split(task: str) -> tuple[str, ...]:
    """The instructions of a task as they were written; what is in quotes is never split or changed."""
    parts = [""]
    end = 0
    for piece in _PIECES.finditer(task):
        parts[-1] += task[end : piece.start()] + (piece["whole"] or "")
        end = piece.end()
        if piece["whole"] is None:
            parts.append("")
    parts[-1] += task[end:]
    bare = (_LEAD.sub("", part).strip() for part in parts)
    return tuple(part for part in bare if part and not re.fullmatch(r"[\d.)]+", part))


def parse(task: str) -> tuple[Instruction, ...]:
    """Every instruction of the task, in order; the ones that are not understood have the verb `unknown`."""
    return tuple(instruction for source in split(task) for instruction in _understood(source))


# The forms: patterns over an instruction whose quoted texts were taken out, Q standing in the place of each. Every
# form has a function that makes the instructions out of the match and the quoted texts in their order.
_SLOT = "\ue000"
_Make: TypeAlias = Callable[[re.Match[str], list[str]], list[Instruction]]
_UNKNOWN = Instruction("", "unknown")

_KINDS = (
    "text field|search field|text box|search box|input field|field|box|input|button|link|tab|menu item|option"
    "|check ?box|radio button|radio|switch|toggle|list ?box|list|drop-?down|menu|icon"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NTH = rf"(?P<nth>\d+(?:st|nd|rd|th)|last|{'|'.join(_ORDINALS)})"
_NAME = rf"(?:the )?(?:{_NTH} )?(?:(?P<before>{_KINDS}) )?Q(?: (?P<after>{_KINDS}))?"
_PRESSED = (
    *("Enter", "Tab", "Escape", "Backspace", "Delete", "Home", "End", "PageUp", "PageDown", "Space"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Control", "Shift", "Alt", "Meta"),
)
_KEYS = {key.lower(): key for key in _PRESSED} | {"esc": "Escape", "return": "Enter", "ctrl": "Control"}
_KEY = rf"(?P<key>(?:(?:ctrl|control|shift|alt|meta)\+)*(?:{'|'.join(_KEYS)}|f\d\d?|(?<=\+)[a-z0-9]))"
_URL = r"(?:[a-z][a-z0-9+.-]*://\S+|about:\S+|localhost\S*|[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?)"


def _understood(source: str) -> Iterator[Instruction]:
    quoted: list[str] = []

    def take(found: re.Match[str]) -> str:
        quoted.append(found[0] if found[0].startswith("<") else found[0][1:-1])
        return _SLOT

    form = " ".join(re.sub(_QUOTED, take, source.replace(_SLOT, "")).split())
    matches = ((pattern.fullmatch(form), make) for pattern, make in _FORMS)
    made = next((make(match, quoted) for match, make in matches if match), [_UNKNOWN])
    yield from (replace(one, source=source) for one in made)


def _about(verb: Verb, *, target: int, value: int | None = None, on: bool = True) -> _Make:
    """Makes an instruction about a named element out of the quoted texts at these positions."""

    def make(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
        kind = match["before"] or match["after"] or ""
        text = "" if value is None else quoted[value]
        return [Instruction("", verb, quoted[target], text, kind.lower(), _position(match["nth"]), on=on)]

    return make


def _position(ordinal: str | None) -> int | None:
    if ordinal is None:
        return None
    word = ordinal.lower()
    if word == "last":
        return -1
    return _ORDINALS.index(word) if word in _ORDINALS else max(int(word[:-2]) - 1, 0)


def _open(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
    address = quoted[0].strip() if quoted else match["url"]
    if not re.fullmatch(_URL, address, re.IGNORECASE):
        return [_UNKNOWN]
    if "://" in address or address.startswith("about:"):
        return [Instruction("", "open", value=address)]
    scheme = "http" if re.match(r"localhost\b|127\.", address) else "https"
    return [Instruction("", "open", value=f"{scheme}://{address}")]


def _press(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
    keys = "+".join(_KEYS.get(key, key.upper() if len(key) > 1 else key) for key in match["key"].lower().split("+"))
    return [Instruction("", "press", target=quoted[0] if quoted else "", value=keys)]


def _scroll(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
    return [Instruction("", "scroll", value=match["way"].lower(), amount=float(match["times"] or 1))]


def _wait(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
    if quoted:
        return [Instruction("", "wait", value=quoted[0])]
    return [Instruction("", "wait", amount=float(match["seconds"]))]


def _tell(match: re.Match[str], quoted: list[str]) -> list[Instruction]:
    labels = quoted or re.split(r" and (?:the )?", match["label"])
    return [Instruction("", "tell", label) for label in labels]


def _form(pattern: str, make: _Make) -> tuple[re.Pattern[str], _Make]:
    return re.compile(pattern.replace("NAME", _NAME).replace("Q", _SLOT), re.IGNORECASE), make


_PAGE = "(?: (?:of|on|from|in) (?:the|this|that) (?:page|site))?"
_FORMS = (
    _form(rf"(?:open|go to|visit|navigate to) (?:(?:the )?(?:page|site|address) )?(?:(?P<url>{_URL})|Q)", _open),
    _form("(?:type|enter|write) Q (?:in|into|to) NAME", _about("type", target=1, value=0)),
    _form("(?:fill|fill in|fill out) NAME with Q", _about("type", target=0, value=1)),
    _form("(?:select|choose|pick) (?:the )?(?:option )?Q (?:in|from) NAME", _about("select", target=1, value=0)),
    _form("(?:click|click on|press|follow|choose|tap) NAME", _about("click", target=0)),
    _form("(?:check|tick) NAME", _about("check", target=0)),
    _form("(?:uncheck|untick) NAME", _about("check", target=0, on=False)),
    _form(rf"press (?:the )?{_KEY}(?: key)?(?: in (?:the )?Q)?", _press),
    _form(r"scroll (?P<way>up|down|left|right)(?: (?P<times>\d+) (?:times|pages|views))?", _scroll),
    _form(r"wait (?:(?:for|until) Q(?: appears| to appear)?|(?:for )?(?P<seconds>\d+(?:\.\d+)?) seconds?)", _wait),
    _form("go back", lambda match, quoted: [Instruction("", "back")]),
    _form("search(?: for)? Q", lambda match, quoted: [Instruction("", "search", value=quoted[0])]),
    _form(f"(?:tell me|read|report|what is) (?:the )?Q{_PAGE}[?]?", _tell),
    _form(rf"(?:tell me|read|report|what is) the (?P<label>\w[\w -]{{0,80}}?){_PAGE}[?]?", _tell),
)
