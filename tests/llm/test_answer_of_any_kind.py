"""What always holds when an answer is read, whatever it is and however long."""

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.llm.answers import MEGABYTE, MODELS, SCHEMAS, STEP, AgentStep, Shelf, Tree, outcome, quoted
from webhand.llm.answer import parse_answer
from webhand.llm.json_value import Json, same

repeatable = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20
)
pieces = st.sampled_from(
    [
        *"{}[]\"'“”:,/\\ \n*<>|&1-.eu",
        "//",
        "/*",
        "*/",
        "<think>",
        "</think>",
        "<|x|>",
        "&quot;",
        "```json",
        '\\"',
        "null",
    ]
    + [
        "True",
        '"actions"',
        '"done"',
        '{"done":{}}',
        '"click"',
        STEP,
        quoted(STEP, 1),
        "{'",
        "\ud800",
        '"data"',
        "\ufeff",
    ]
)


@st.composite
def steps(draw: st.DrawFn) -> dict[str, Any]:
    actions: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries({"click": st.fixed_dictionaries({"index": st.integers(min_value=0)})}),
        st.fixed_dictionaries({"type": st.fixed_dictionaries({"index": st.just(1), "text": st.text()})}),
        st.fixed_dictionaries({"done": st.fixed_dictionaries({})}),
    ]
    return {"thought": draw(st.text()), "actions": draw(st.lists(st.one_of(actions), min_size=1, max_size=3))}


@repeatable
@given(st.lists(pieces, max_size=30).map("".join) | st.text())
def test_any_text_gives_a_value_or_an_error_of_ours(text: str) -> None:
    for name, model in MODELS.items():
        assert list(outcome(text, SCHEMAS[name])) == list(outcome(text, model))


@repeatable
@given(values)
def test_any_decoded_value_is_read_as_its_text_is(value: Json) -> None:
    for schema in (*SCHEMAS.values(), Shelf, Tree):
        if not isinstance(value, str):
            assert same(outcome(value, schema), outcome(json.dumps(value), schema))  # pyright: ignore[reportArgumentType]


@repeatable
@given(values)
def test_a_free_form_object_is_kept_as_it_is(value: Json) -> None:
    escaped, verbatim = (json.dumps({"x": value}, ensure_ascii=ascii_only) for ascii_only in (True, False))
    # Behind prose a tag in a text is taken for the end of a thought.
    texts = (escaped, verbatim) if "<" in escaped else (escaped, verbatim, f"so: {verbatim} there")
    for text in texts:
        assert same(parse_answer(text, {"type": "object"}), {"x": value})


@repeatable
@given(steps(), st.data())
def test_a_cut_answer_is_never_an_answer(step: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(step, ensure_ascii=data.draw(st.booleans()))
    text = data.draw(st.sampled_from([text, quoted(text, 1), f"```json\n{text}", json.dumps({"arguments": text})]))
    assert outcome(text, AgentStep) == {"ok": step}
    end = data.draw(st.integers(min_value=0, max_value=len(text.rstrip()) - 1))
    assert "error" in outcome(text[:end], AgentStep)


@repeatable
@given(steps())
def test_what_was_read_is_read_again_as_itself(step: dict[str, Any]) -> None:
    first = parse_answer(step, SCHEMAS["AgentStep"])
    assert same(parse_answer(json.dumps(first), SCHEMAS["AgentStep"]), first)


SHAPES: dict[str, Callable[[int], str]] = {
    **{
        repr(piece): (lambda n, piece=piece: piece * n)
        for piece in (
            "{",
            "[",
            '"',
            "'",
            "```",
            "<think>",
            "</think>",
            "{}",
            '{"a":1} ',
            "[[]]",
            '{"',
            "/*",
            "<|",
            "&quot;",
        )
    },
    "closed": lambda n: "[" * n + "]" * n,
    "list": lambda n: "[" + "{}," * n + "{}]",
    "same keys": lambda n: "{" + '"a":1,' * n + '"a":1}',
    "texts in a list": lambda n: '{"actions":[' + '"{}",' * n + '"{}"]}',
    "brackets in a text": lambda n: '{"actions": "' + "{}" * n + '"}',
    "wrapped": lambda n: '{"data":"{}"}' * n,
    "different": lambda n: "".join(f'{{"a":{i}}}' for i in range(n)),
    "blanks": lambda n: '{"title":"x","price":"' + " " * n + '"}',
    "digits": lambda n: '{"title":"x","price":' + "9" * n + "}",
    "comments": lambda n: "{" + "/**/" * n + "}",
}


def calls(work: Callable[[], object]) -> int:
    """How many calls the work makes, of Python's functions and of built-in ones."""
    count = 0

    def on_event(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_length_and_no_faster(shape: str) -> None:
    made = SHAPES[shape]
    small, large = (calls(lambda n=n: outcome(made(n), SCHEMAS["Product"])) for n in (500, 2000))
    assert large <= 4 * small + 200


@pytest.mark.timeout(60)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_megabyte_of_anything_ends(shape: str) -> None:
    made = SHAPES[shape]
    text = made(MEGABYTE // max(1, len(made(100)) // 100))
    assert "error" in outcome(text, SCHEMAS["Product"])
