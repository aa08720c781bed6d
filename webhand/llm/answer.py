"""Reading a model's answer: its form is repaired, its meaning never, and what it did not finish is no answer. Pure."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Literal, Protocol, TypeVar, overload

from pydantic import BaseModel, ValidationError

from webhand.errors import InvalidSetting, LLMError, OutputInvalid, OutputTruncated, Refused
from webhand.llm.candidates import Cut, candidates
from webhand.llm.coerce import DECODES, coerce
from webhand.llm.json_value import Json, JsonObject, NotPlain, TooDeep, plain, shown
from webhand.llm.lenient import Parsed, parse
from webhand.llm.misfit import Misfit
from webhand.llm.schema import model_schema, schema_name
from webhand.llm.shape import Shape, action_shapes, shape_of
from webhand.llm.wrapping import DEEPEST, NotWrapped, called, unwrapped

T = TypeVar("T", bound=BaseModel)

_CLOSED_THOUGHT = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE | re.ASCII)
_OPEN_THOUGHT = re.compile(r"<(?:think|thinking|reasoning)>", re.IGNORECASE | re.ASCII)
_MARKUP = re.compile(
    r"<\|[^|<>]{1,40}\|>|<function=[^<>={}\s]+>|</function>"
    r"|</?(?:tool_call|tool-use|tool_use|function_call|answer|output|json)>"
)
_CUT_STRING = re.compile(r'"[\s{}\[\]]*+\\"')
_ESCAPED_QUOTES = ("&quot;", "&#34;", "&#x22;")
_REFUSALS = (
    *("i'm sorry", "i am sorry", "sorry", "i can't", "i cannot", "i can not", "i won't", "i will not", "i'm unable"),
    *("i am unable", "i'm not able", "i am not able", "i must decline", "i apologize"),
)
MOST_JUDGED = 1000
"""Objects in one text that are held against what is asked for, from its end."""
# What a schema without a title goes by when it is one of a step with actions.
_USUAL_NAMES = frozenset({"agentstep", "agentoutput", "decision"})

_Kind = Literal["empty", "truncated", "deep", "refused", "invalid"]


@overload
def parse_answer(raw: object, schema: type[T], channel: str = "content", tool: str | None = None) -> T: ...
@overload
def parse_answer(raw: object, schema: Mapping[str, Any], channel: str = "content", tool: str | None = None) -> Any: ...
def parse_answer(
    raw: object, schema: type[BaseModel] | Mapping[str, Any], channel: str = "content", tool: str | None = None
) -> Any:
    """The value that a model answered with, as the schema wants it.

    `raw` is the text that came, or what the SDK decoded from a tool call already. With a pydantic model the value is
    an instance of it; with a JSON schema, whose name is its `title`, it is plain JSON without defaults. `channel`
    says where the answer stood and only shows in errors: all are read by the same rules. `tool` names the tool that the
    model was to call, where a call may stand in the text: it is never taken for its arguments then.

    Raises `OutputInvalid` (its text begins with "empty answer" or "invalid answer"), `OutputTruncated` and `Refused`.
    """
    target = _target(schema)
    try:
        return _Answer(target, tool).read(raw)
    except _NoAnswer as reason:
        raise _error(reason, raw, channel) from None


class _NoAnswer(Exception):
    def __init__(self, kind: _Kind, reason: str) -> None:
        super().__init__(reason)
        self.kind: _Kind = kind
        self.reason = reason


class _Target(Protocol):
    """What is asked for."""

    @property
    def shape(self) -> Shape: ...
    @property
    def names(self) -> frozenset[str]: ...
    def accept(self, value: Json) -> object:
        """The finished value of a coerced one; raises `Misfit`."""
        ...


@dataclass(frozen=True)
class _ModelTarget:
    model: type[BaseModel]
    shape: Shape
    names: frozenset[str]

    def accept(self, value: Json) -> object:
        try:
            return self.model.model_validate_json(json.dumps(value))
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_context=False, include_input=False)
            # Of the members of a union all have something against it; the one that was meant, farthest within.
            worst = max(wrong, key=lambda one: len(one["loc"]))
            raise Misfit(worst["msg"], worst["loc"]) from None
        except Exception as error:  # a validator of the caller's own may trip over anything
            raise Misfit(f"{type(error).__name__}: {error}", ()) from None


@dataclass(frozen=True)
class _SchemaTarget:
    shape: Shape
    names: frozenset[str]

    def accept(self, value: Json) -> object:
        return value


class _Answer:
    """One answer being read: steps A to C of the rules, with the counts that bound how often things are unwrapped."""

    def __init__(self, target: _Target, tool: str | None) -> None:
        self._target = target
        self._tool = tool
        shapes = (target.shape, *target.shape.choices)
        self._fields = frozenset(name for shape in shapes for name in shape.properties)

    def read(self, raw: object) -> object:
        try:
            if isinstance(raw, str):
                return self._text(raw, 0, 0)
            return self._value(plain(raw), 0, 0)
        except NotPlain as error:
            raise _NoAnswer("invalid", str(error)) from None
        except Cut:
            raise _NoAnswer("truncated", "the answer ends in the middle of a JSON value") from None
        except TooDeep:
            raise _NoAnswer("deep", "the answer is nested too deeply") from None

    def _text(self, raw: str, decodes: int, wrappers: int) -> object:
        text = raw.removeprefix("\ufeff").strip()
        if not text:
            raise _NoAnswer("empty", "nothing was said")
        return self._stripped(text, decodes, wrappers)

    def _stripped(self, text: str, decodes: int, wrappers: int) -> object:
        whole = _strict(text)
        if whole is None:
            said = _after_thoughts(text)
            if said != text:
                text, whole = said, _strict(said)
        if whole is not None:
            return self._whole(whole, decodes, wrappers)
        if _CUT_STRING.match(text):
            raise _NoAnswer("truncated", "the answer ends in the middle of a quoted JSON value")
        if '"' not in text and any(quote in text for quote in _ESCAPED_QUOTES):
            return self._stripped(html.unescape(text), decodes, wrappers)
        return self._best(text, decodes, wrappers)

    def _whole(self, whole: Parsed, decodes: int, wrappers: int) -> object:
        if not isinstance(whole.value, str):
            return self._value(whole.value, decodes, wrappers)
        if decodes == DECODES:
            raise _NoAnswer("invalid", "the answer is JSON in quotes too many times")
        action = action_shapes(self._target.shape).get(whole.value)
        if action is not None and action.needs_nothing():
            return self._value({"actions": [{whole.value: {}}]}, decodes, wrappers)
        return self._text(whole.value, decodes + 1, wrappers)

    def _best(self, text: str, decodes: int, wrappers: int) -> object:
        """The last object or list in the text that fits."""
        found = candidates(text)
        if not found:
            refuses = text.replace("’", "'").lower().startswith(_REFUSALS)
            raise _NoAnswer("refused" if refuses else "invalid", f"there is no JSON object in {shown(text)}")
        why: _NoAnswer | None = None
        # One text is judged once, and so many at most: a megabyte of small objects must not cost a megabyte of judging.
        for candidate in islice(dict.fromkeys(reversed(found)), MOST_JUDGED):
            parsed = parse(candidate, repairs=True)
            try:
                if parsed is None:
                    told = f"this is not valid JSON, or says two things under one name: {shown(candidate)}"
                    raise _NoAnswer("invalid", told)
                return self._value(parsed.value, decodes, wrappers)
            except _NoAnswer as failure:
                if failure.kind == "truncated":
                    raise
                why = why or failure
        raise _NoAnswer("invalid", why.reason if why else "nothing fits")

    def _value(self, value: Json, decodes: int, wrappers: int) -> object:
        if self._tool is not None and (given := called(value, self._tool, self._fields)) is not None:
            return self._inside(given, decodes, wrappers, "it calls a tool within a call")
        try:
            return self._target.accept(coerce(value, self._target.shape))
        except Misfit as misfit:
            reason = str(misfit)
        try:
            inside = unwrapped(value, self._target.names)
        except NotWrapped:
            raise _NoAnswer("invalid", reason) from None
        return self._inside(inside, decodes, wrappers, reason)

    def _inside(self, inside: Json, decodes: int, wrappers: int, reason: str) -> object:
        """What is in a wrapper; `reason` is why it is not the answer itself."""
        if wrappers == DEEPEST:
            raise _NoAnswer("invalid", reason)
        if not isinstance(inside, str):
            return self._value(inside, decodes, wrappers + 1)
        if decodes == DECODES:
            raise _NoAnswer("invalid", "the answer is JSON in quotes too many times")
        try:
            return self._text(inside, decodes + 1, wrappers + 1)
        except _NoAnswer as failure:
            if failure.kind == "truncated":
                raise
            raise _NoAnswer("invalid", failure.reason) from None


def _strict(text: str) -> Parsed | None:
    try:
        return parse(text, repairs=False)
    except TooDeep:
        # A draft in the thoughts may be as deep as it likes.
        if _CLOSED_THOUGHT.search(text) or _OPEN_THOUGHT.search(text):
            return None
        raise


def _after_thoughts(text: str) -> str:
    """What was said after the last thought; drafts in thoughts are none of the answer."""
    end = 0
    for closing in _CLOSED_THOUGHT.finditer(text):
        end = closing.end()
    said = text[end:].strip()
    if _OPEN_THOUGHT.search(said):
        raise _NoAnswer("truncated", "the answer ends within the thoughts before it")
    if not _MARKUP.sub("", said).strip():
        raise _NoAnswer("empty", "there are only thoughts and markup")
    return said


def _target(schema: type[BaseModel] | Mapping[str, Any]) -> _Target:
    if isinstance(schema, type):
        return _model_target(schema)
    try:
        plain_schema = plain(schema)
    except (NotPlain, TooDeep):
        raise InvalidSetting("The schema of the answer is no JSON schema, or nested too deeply") from None
    if not isinstance(plain_schema, dict):
        raise InvalidSetting("The schema of the answer has to be an object")
    shape = shape_of(plain_schema)
    return _SchemaTarget(shape, _names(plain_schema, shape))


@lru_cache(maxsize=64)
def _model_target(model: type[BaseModel]) -> _ModelTarget:
    schema = model_schema(model)
    shape = shape_of(schema)
    return _ModelTarget(model, shape, _names(schema, shape, model.__name__, schema_name(model)))


def _names(schema: JsonObject, shape: Shape, *known: str) -> frozenset[str]:
    """The names that a wrapper's key may have, in lower case."""
    given = {name.casefold() for name in (*known, schema.get("title")) if isinstance(name, str) and name}
    return frozenset(given) or (_USUAL_NAMES if action_shapes(shape) else frozenset())


def _error(reason: _NoAnswer, raw: object, channel: str) -> LLMError:
    place = "" if channel == "content" else f" in {channel.replace('_', ' ')}"
    text = raw if isinstance(raw, str) else _as_text(raw)
    match reason.kind:
        case "truncated":
            return OutputTruncated(f"truncated answer{place}: {reason.reason}", raw=text)
        case "refused":
            return Refused(f"refused{place}: {shown(text.strip())}")
        case "empty":
            return OutputInvalid(f"empty answer{place}: {reason.reason}", raw=text)
        case "invalid" | "deep":
            return OutputInvalid(f"invalid answer{place}: {reason.reason}", raw=text)


def _as_text(raw: object) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return f"<{type(raw).__name__}>"
