"""What an event may hold, and what it comes back as."""

import json
from collections import OrderedDict
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webhand.errors import StoreError
from webhand.store.plain import clean, encode

HIGH, LOW = "\ud83d", "\ude00"
ANY_TEXT = st.text(st.characters(exclude_categories=()))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    BIG = 3


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_plain_values_come_back_the_same(data: dict[str, object]):
    assert json.loads(encode(data)) == data


@given(st.dictionaries(ANY_TEXT, ANY_TEXT))
def test_any_text_is_written_as_valid_utf8(data: dict[str, str]):
    text = encode(data)
    text.encode()
    assert set(json.loads(text).values()) <= {clean(value) for value in data.values()}


@given(ANY_TEXT)
def test_cleaning_changes_nothing_but_halves_of_pairs(text: str):
    cleaned = clean(text)
    cleaned.encode()
    assert clean(cleaned) == cleaned
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert cleaned == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (f"a{HIGH}b", "a\ufffdb"),
        (f"a{LOW}", "a\ufffd"),
        (f"{HIGH}{LOW}!", "\U0001f600!"),
        (f"{LOW}{HIGH}", "\ufffd\ufffd"),
        ("nul \x00 stays", "nul \x00 stays"),
        ("bidi \u202e and \u2028 stay", "bidi \u202e and \u2028 stay"),
    ],
)
def test_halves_are_replaced_and_pairs_joined(text: str, cleaned: str):
    assert clean(text) == cleaned
    assert json.loads(encode({text: [text]})) == {cleaned: [cleaned]}


def test_text_outside_ascii_is_written_as_it_is():
    assert encode({"größe": "靴"}) == '{"größe":"靴"}'


def test_relatives_of_plain_values_become_plain():
    inner = MappingProxyType({"a": OrderedDict[str, object](b=1)})
    data: dict[str, object] = {"c": Colour.RED, "s": Size.BIG, "t": (1, (2,)), "m": inner}
    assert json.loads(encode(data)) == {"c": "red", "s": 3, "t": [1, [2]], "m": {"a": {"b": 1}}}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), "data.a[1].b is the number nan"),
        (float("-inf"), "data.a[1].b is the number -inf"),
        (b"bytes", "data.a[1].b is of type bytes"),
        ({1, 2}, "data.a[1].b is of type set"),
        (datetime.now(UTC), "data.a[1].b is of type datetime"),
        (Decimal("1.5"), "data.a[1].b is of type Decimal"),
        (Path("x"), "data.a[1].b is of type PosixPath"),
        pytest.param(10**5000, "data.a[1].b is a number of thousands of digits", id="long number"),
        ({1: "one"}, "data.a[1].b has a key that is of type int"),
        ({None: "one"}, "data.a[1].b has a key that is of type NoneType"),
    ],
)
def test_other_values_are_refused_by_their_place(value: object, told: str):
    if isinstance(value, Path):
        told = told.replace("PosixPath", type(value).__name__)
    with pytest.raises(StoreError) as caught:
        encode({"a": [0, {"b": value}]})
    assert str(caught.value).startswith(f"{told}")
    assert "\n" not in str(caught.value)


def test_the_longest_integers_that_are_taken_can_be_read_back():
    number = 2**13_000 - 1
    assert json.loads(encode({"n": number, "m": -number})) == {"n": number, "m": -number}
    with pytest.raises(StoreError, match="thousands of digits"):
        encode({"n": number + 1})


def test_depth_has_a_limit_that_catches_circles():
    deep: list[object] = []
    for _ in range(98):
        deep = [deep]
    assert json.loads(encode({"a": deep})) == {"a": deep}
    with pytest.raises(StoreError, match="deeper than 100 levels"):
        encode({"a": [[deep]]})
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(StoreError, match="deeper than 100 levels"):
        encode({"circle": circle})


def test_the_error_is_one_line_of_valid_text_where_the_keys_are_not():
    with pytest.raises(StoreError) as caught:
        encode({f"a\n{HIGH}": {"b": b""}})
    str(caught.value).encode()
    assert str(caught.value).startswith("data['a\\n\ufffd'].b is of type bytes")
