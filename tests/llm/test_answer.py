"""The rules for reading a model's answer: the table of cases, and what the rules say beyond it."""

import json
import time
from typing import Any

import pytest
from pydantic import BaseModel, RootModel

from tests.llm.answers import (
    CHANNELS,
    MEGABYTE,
    MODELS,
    SCHEMAS,
    STEP,
    TABLE,
    AgentStep,
    Call,
    Click,
    Product,
    Shelf,
    Tree,
    outcome,
    quoted,
)
from webhand.errors import InvalidSetting, OutputInvalid, OutputTruncated
from webhand.llm.answer import parse_answer
from webhand.llm.json_value import same

CASES: list[dict[str, Any]] = TABLE["cases"]


def raw_of(case: dict[str, Any]) -> object:
    if "generate" not in case:
        return case["raw"]
    made = case["generate"]
    return made.get("prefix", "") + made["repeat"] * made["times"] + made.get("suffix", "")


@pytest.mark.parametrize("form", ["schema", "model"])
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case_of_the_table(case: dict[str, Any], form: str) -> None:
    schema = SCHEMAS[case["schema"]] if form == "schema" else MODELS[case["schema"]]
    raw = raw_of(case)
    started = time.process_time()
    found = [outcome(raw, schema, channel) for channel in CHANNELS]
    taken = (time.process_time() - started) / len(CHANNELS)
    for one in found:
        assert same(one, case["expect"]), one
    assert taken <= case.get("max_seconds", 60)


DID: dict[str, Any] = {"ok": {"actions": [{"click": {"index": 5}}]}}
WENT: dict[str, Any] = {"ok": {"actions": [{"done": {}}]}}
INVALID = {"error": "invalid"}
TRUNCATED = {"error": "truncated"}
EMPTY = {"error": "empty"}
REFUSED = {"error": "refused"}


def nested(levels: int) -> str:
    return '{"arguments": ' + "[" * (levels - 1) + "]" * (levels - 1) + "}"


SAID: list[tuple[str, dict[str, Any]]] = [
    # Text to value.
    ("\ufeff \n" + STEP, DID),
    (quoted(STEP, 3), DID),
    (quoted(STEP, 4), INVALID),
    (quoted("done", 3), WENT),
    (quoted(" done ", 1), INVALID),
    (quoted("", 2), EMPTY),
    (quoted("Sorry, I must stop here.", 1), REFUSED),
    ("draft " + STEP + "</REASONING>" + quoted(STEP, 1), DID),
    ("<think>a</think> " + STEP + " <think>and", TRUNCATED),
    ("<think>a</think>b</think>" + STEP, DID),
    (STEP[:-1] + ', "thought": "<think>"}', {"ok": {"actions": [{"click": {"index": 5}}], "thought": "<think>"}}),
    (STEP[:-1] + ', "thought": "<think>",}', TRUNCATED),
    ("<reasoning></reasoning><|eom_id|>", EMPTY),
    ("<function=AgentStep></function>", EMPTY),
    ("<tool_call> </tool_call>", EMPTY),
    ("<|" + "x" * 41 + "|>", INVALID),
    ("```json\n```", INVALID),
    ('"[ {\\"click\\": 5', TRUNCATED),
    ('"no \\"', INVALID),
    ("{'actions': ['done']} and } then ]", WENT),
    ("{" + STEP + "}", DID),
    ('{"a": ]} ' + STEP, DID),
    ('{"a": (' + STEP + "]) ", INVALID),
    ("[" + STEP, TRUNCATED),
    ("{// " + STEP, TRUNCATED),
    ("{/* " + STEP, TRUNCATED),
    ("{“ " + STEP, TRUNCATED),
    (STEP + " don't {'", TRUNCATED),
    (STEP + " {x} [y]", DID),
    (STEP + nested(65), INVALID),
    ("<think>" + nested(65) + "</think>" + STEP, DID),
    (nested(65) + "</think>" + STEP, DID),
    (STEP.replace('"', "&#x22;"), DID),
    (STEP.replace('"', "&quot;")[:-1], TRUNCATED),
    ("I’m SORRY, but no.", REFUSED),
    ("I apologize.", REFUSED),
    ("Well, sorry.", INVALID),
    ("sorry {} {}", INVALID),
    # One candidate.
    ("{'actions': [/* now */ {'click' // it\n : {'index': 5,},},],}", DID),
    ('{"thought": "it\\\'s", "actions": ["done"]}', {"ok": {"thought": "it's", "actions": [{"done": {}}]}}),
    ('{“thought”: “say \\n\\"no\\"”, "actions": ["done"]}', {"ok": {"thought": 'say \n"no"', **WENT["ok"]}}),
    ('{“thought”: “it\\\'s”, "actions": ["done"]}', INVALID),
    ('{‘actions’: ["done"]}', INVALID),
    ('{"thought": "\\d", "actions": ["done"]}', INVALID),
    ('{"thought": "\\\n", "actions": ["done"]}', INVALID),
    ('{"thought": "a\\u0000b", "actions": ["done"]}', {"ok": {"thought": "a\0b", **WENT["ok"]}}),
    ('{"thought": " x ", "actions": ["done"]}', {"ok": {"thought": " x ", **WENT["ok"]}}),
    *(
        ('{"actions": [{"wait": {"seconds": ' + number + "}}]}", INVALID)
        for number in ("+1", "01", "0x1", "1.", ".5", "-", "Infinity", "9" * 400, "undefined", "...", "1 2")
    ),
    ('{"actions" ["done"]}', INVALID),
    ('{"actions": ["done" "done"]}', INVALID),
    ('{"actions": [,"done"]}', INVALID),
    ('{,"actions": ["done"]}', INVALID),
    ('{actions: ["done"]}', INVALID),
    ('{"thought": "a", "thought": "a", "actions": ["done"],}', {"ok": {"thought": "a", **WENT["ok"]}}),
    ('{"actions": ["done"], "x": 1, "x": 1.0}', WENT),
    ('{"actions": ["done"], "x": 1, "x": true}', INVALID),
    ('{"actions": ["done"], "x": {"y": [1]}, "x": {"y": [2]}}', INVALID),
    # Value to schema.
    ('{"thought": null, "actions": ["done"]}', WENT),
    ('{"actions": [null]}', INVALID),
    ('{"actions": null}', INVALID),
    *(
        ('{"actions": [{"click": {"index": ' + number + "}}]}", DID)
        for number in ("5", "5.0", "0.5e1", '" +5.00 "', '"05"', f'"{"0" * 5000}5"')
    ),
    *(
        ('{"actions": [{"click": {"index": ' + number + "}}]}", INVALID)
        for number in ('"5e0"', '"5."', '"٥"', '"5 0"', "false", "[5]", '"-1"')
    ),
    *(
        ('{"actions": [{"wait": {"seconds": ' + number + "}}]}", {"ok": {"actions": [{"wait": {"seconds": 50}}]}})
        for number in ("50", '"5e1"', '" 50.0\\n"')
    ),
    ('{"actions": [{"wait": {"seconds": "1e999"}}]}', INVALID),
    ('{"actions": [[{"click": 5}]]}', DID),
    ('{"actions": [[{"click": 5}, {"done": {}}]]}', INVALID),
    ('{"actions": [{"click": [{"index": 5}]}]}', DID),
    ('{"actions": [{"click": "{\\"index\\": 5}"}]}', DID),
    ('{"actions": [{"click": "5"}]}', DID),
    ('{"actions": [{"click": "{\\"index\\": "}]}', TRUNCATED),
    ('{"actions": "{\'click\': 5,}"}', DID),
    (json.dumps({"actions": quoted('[{"click": 5}]', 2)}), DID),
    (json.dumps({"actions": quoted('[{"click": 5}]', 3)}), INVALID),
    ('{"actions": [{"go_back": "now"}]}', INVALID),
    ('{"actions": [{"done": true}]}', INVALID),
    ('{"actions": [{"navigate": 5}]}', INVALID),
    ('{"actions": [{"click": 5, "why": "x", "how": 2, "else": null}]}', DID),
    ('{"actions": [{"click": 5, "other": []}]}', INVALID),
    ('{"actions": [{"type": "click", "index": 5}]}', INVALID),
    ('{"actions": [{"name": "click", "arguments": {"index": 5}}]}', INVALID),
    ('{"click": {"index": 5}}', INVALID),
    ('[{"click": {"index": 5}}]', INVALID),
    # Wrappers.
    ('{"AGENTSTEP": ' + STEP + "}", DID),
    ('{"Arguments": ' + STEP + "}", INVALID),
    ('{"arguments": ' + STEP + ', "x": 1}', INVALID),
    (json.dumps({"response": "Here:\n```json\n" + STEP + "\n```"}), DID),
    (json.dumps({"response": ""}), INVALID),
    (json.dumps({"response": "I cannot do that."}), INVALID),
    (json.dumps({"response": "<think>" + STEP}), TRUNCATED),
    (json.dumps({"response": STEP[:-1]}), TRUNCATED),
    (json.dumps({"response": STEP + nested(65)}), INVALID),
    ('{"id": "1", "type": "function", "function": {"name": "f", "arguments": ' + STEP + "}}", DID),
    ('{"id": "1", "name": "f", "input": ' + STEP + "}", DID),
    ('{"name": 5, "input": ' + STEP + "}", INVALID),
    ('{"name": "f", "tool": "g", "input": ' + STEP + "}", INVALID),
    ('{"name": "f", "input": {}, "arguments": ' + STEP + "}", INVALID),
    ('{"tool_calls": [{"tool": "f", "parameters": ' + STEP + "}]}", DID),
    ('{"tool_calls": []}', INVALID),
    ('[{"data": {"result": {"output": ' + STEP + "}}}]", INVALID),
    ('[{"data": {"result": ' + STEP + "}}]", DID),
    # Which of several.
    (STEP + ' {"actions": [{"hover": 1}]}', DID),
    (STEP + ' {"name": "f", "arguments": "{\\"a\\": "}', TRUNCATED),
    ('{"name": "f", "arguments": "{\\"a\\": "} ' + STEP, DID),
]


@pytest.mark.parametrize(("raw", "expected"), SAID, ids=[f"{raw:.60}" for raw, _ in SAID])
def test_what_the_rules_say(raw: str, expected: dict[str, Any]) -> None:
    assert outcome(raw, SCHEMAS["AgentStep"]) == expected
    assert outcome(raw, AgentStep) == expected


@pytest.mark.parametrize(("levels", "expected"), [(64, "ok"), (65, "error")])
def test_sixty_four_levels_are_the_most(levels: int, expected: str) -> None:
    texts = (nested(levels), "so: " + nested(levels), json.loads(nested(levels)))
    assert all(list(outcome(raw, {"type": "object"})) == [expected] for raw in texts)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('{"words": [{"key": "a", "value": "b"}, {"key": "c", "value": "d"}]}', {"words": {"a": "b", "c": "d"}}),
        ('{"words": [{"key": "a", "value": "b"}]}', {"words": {"a": "b"}}),
        ('{"words": []}', {"words": {}}),
        ('{"counts": {"a": "3", "b": 4.0}}', {"counts": {"a": 3, "b": 4}}),
        ('{"anything": "{\\"a\\": [null]}"}', {"anything": {"a": [None]}}),
        ('{"anything": [{"key": "a", "value": "b"}]}', {"anything": {"key": "a", "value": "b"}}),
        ('{"either": "7"}', {"either": 7}),
        ('{"either": ["7"]}', {"either": ["7"]}),
        ('{"either": {"name": "x", "more": 1}}', {"either": {"name": "x"}}),
        ('{"by_kind": {"kind": "dog", "lives": 9}}', {"by_kind": {"kind": "dog"}}),
        ('{"by_kind": null}', {"by_kind": None}),
        ('{"level": 2, "pair": ["1", "x"], "as": "y"}', {"level": 2, "pair": (1, "x"), "renamed": "y"}),
    ],
)
def test_models_of_other_forms(raw: str, expected: dict[str, Any]) -> None:
    assert outcome(raw, Shelf) == {"ok": expected}


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ('{"words": [{"key": "a", "value": "b"}, {"key": "a", "value": "c"}]}', "words: the key"),
        ('{"counts": {"a": "x"}}', "counts.a: a whole number"),
        ('{"level": true}', "level: "),
        ('{"level": "3"}', "level: "),
        ('{"pair": [1]}', "pair: 1 items, at least 2"),
        ('{"short": "abcd"}', "short: the text has 4 characters"),
        ('{"short": "A"}', "short: "),
        ('{"by_kind": {"kind": "cow"}}', "by_kind.kind: "),
    ],
)
def test_errors_name_the_place(raw: str, place: str) -> None:
    with pytest.raises(OutputInvalid) as caught:
        parse_answer(raw, Shelf)
    assert str(caught.value).startswith(f"invalid answer: {place}")
    assert caught.value.raw == raw


def test_recursive_models_are_read() -> None:
    tree = parse_answer('{"name": "a", "below": {"name": "b", "below": [{"name": "c"}]}}', Tree)
    assert tree.model_dump(exclude_unset=True) == {
        "name": "a",
        "below": {"name": "b", "below": [{"name": "c"}]},
    }
    deep = '{"name": "a", "below": ' * 60 + '{"name": 1}' + "}" * 60
    assert outcome(deep, Tree) == INVALID


def test_null_for_a_field_with_a_default_is_the_default() -> None:
    class Defaults(BaseModel):
        a: int
        b: int = 7

    assert parse_answer('{"a":1,"b":null}', Defaults) == Defaults(a=1, b=7)


def test_a_single_action_is_an_action_too() -> None:
    class OnlyClick(RootModel[Click]):
        pass

    class Step(BaseModel):
        actions: list[OnlyClick]

    assert outcome('{"actions": {"click": 5, "why": "x"}}', Step) == DID


NO_JSON: dict[str, object] = {
    "nothing": None,
    "number": 5,
    "yes": True,
    "bytes": b"{}",
    "object": object(),
    "key": {1: 2},
    "set": {"actions": {1}},
    "nan": {"x": float("nan")},
    "huge": 10**5000,
}


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_no_json_is_invalid(name: str) -> None:
    assert outcome(NO_JSON[name], AgentStep, "tool_arguments") == INVALID


def test_a_value_that_contains_itself_is_invalid() -> None:
    ring: dict[str, object] = {}
    ring["arguments"] = ring
    assert outcome(ring, Call, "tool_arguments") == INVALID


def test_lone_surrogates_never_get_out() -> None:
    for raw in (
        '{"title": "a\\ud800", "price": 1}',
        '{"title": "a\ud800", "price": 1}',
        {"title": "a\ud800", "price": 1},
    ):
        assert outcome(raw, Product) == {"ok": {"title": "a\ufffd", "price": 1}}


@pytest.mark.parametrize("schema", [{"$ref": "#/$defs/Missing"}, {"$ref": "https://x.test/y"}, {"$ref": "#"}])
def test_a_schema_that_leads_nowhere_is_the_callers_error(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidSetting):
        parse_answer("{}", schema)


def test_the_channel_shows_in_the_error() -> None:
    with pytest.raises(OutputInvalid, match="^empty answer in tool arguments"):
        parse_answer("", Product, "tool_arguments")


class Note(BaseModel):
    text: str
    tags: list[str] = []


NOTE = Note(text="a } and { b", tags=["x"])
AS_WRITTEN = NOTE.model_dump_json()
ONE_OF_EACH: dict[str, str] = {
    "fence": f"```json\n{AS_WRITTEN}\n```",
    "prose": f"Here it is: {AS_WRITTEN} I hope it helps.",
    "thoughts": f'<think>{{"text": "no"}}</think>{AS_WRITTEN}',
    "orphan thoughts": f'{{"text": "no"}}</think>{AS_WRITTEN}',
    "python tag": f"<|python_tag|>{AS_WRITTEN}",
    "function": f"<function=Note>{AS_WRITTEN}</function>",
    "trailing comma": AS_WRITTEN[:-1] + ",}",
    "double-encoded": json.dumps(AS_WRITTEN),
    "list of one": f"[{AS_WRITTEN}]",
    "wrap": f'{{"Note": {AS_WRITTEN}}}',
    "arguments as text": json.dumps({"name": "Note", "arguments": AS_WRITTEN}),
    "python literals": str(NOTE.model_dump()),
    "two objects": f'{{"text": "first"}}\n{AS_WRITTEN}',
    "braces in strings": AS_WRITTEN,
}


@pytest.mark.parametrize("form", ONE_OF_EACH)
def test_case_63_one_answer_of_each_form_is_read(form: str) -> None:
    assert parse_answer(ONE_OF_EACH[form], Note) == NOTE


def test_case_63_a_raw_line_break_in_a_string_is_one() -> None:
    assert parse_answer('{"text": "one\ntwo"}', Note) == Note(text="one\ntwo")


def test_case_63_a_bare_word_is_the_action_of_that_name() -> None:
    assert outcome('{"actions": ["done"]}', AgentStep) == {"ok": {"actions": [{"done": {}}]}}


@pytest.mark.parametrize(
    ("raw", "error"),
    [(AS_WRITTEN[:-3], OutputTruncated), ("", OutputInvalid), ("{" * MEGABYTE, OutputInvalid)],
    ids=["cut", "empty", "1 MB of braces"],
)
def test_case_63_what_is_no_answer_is_told(raw: str, error: type[OutputInvalid]) -> None:
    with pytest.raises(error):
        parse_answer(raw, Note)


def test_case_63_of_a_megabyte_of_objects_the_last_thousand_are_judged() -> None:
    objects = [f'{{"number": {number}}}' for number in range(60_000)]
    with pytest.raises(OutputInvalid):
        parse_answer(" ".join([AS_WRITTEN, *objects]), Note)
    assert parse_answer(" ".join([*objects, AS_WRITTEN, *objects[:900]]), Note) == NOTE


@pytest.mark.parametrize("name", ["arguments", "properties", "input", "parameters"])
def test_case_64_a_field_that_is_called_like_a_wrapper_is_a_field(name: str) -> None:
    schema = {"type": "object", "properties": {name: {"type": "object"}}, "required": [name]}
    assert outcome(json.dumps({name: {"a": 1}}), schema) == {"ok": {name: {"a": 1}}}
