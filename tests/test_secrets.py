"""Secrets as values: what is fetched when, what stays known, and one-time codes."""

import sys
from typing import Any

import pytest

from webhand import Secret
from webhand.errors import InvalidSetting, MissingExtra

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of the examples in RFC 6238."""
ADDRESS = f"otpauth://totp/Shop:anna?secret={KEY}&issuer=Shop"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (KEY, "287082"),
        (KEY.lower(), "287082"),
        ("GEZD GNBV-GY3T QOJQ GEZD GNBV GY3T QOJQ\n", "287082"),
        (ADDRESS, "287082"),
        (f"{ADDRESS}&digits=8", "94287082"),
        (f"{ADDRESS}&digits=8&algorithm=SHA512&period=30", "90693936"),
        ("JBSWY3DPEHPK3PXP", "996554"),
    ],
)
async def test_the_code_of_a_key(key: str, code: str) -> None:
    if "SHA512" in key:
        key = key.replace(KEY, "GEZDGNBVGY3TQOJQ" * 6 + "GEZDGNA")
    secret = Secret.totp(key, now=lambda: 50.0)
    assert secret.known == ()
    assert await secret.fetch() == code
    assert secret.reveal() == code
    assert secret.known == (code,)
    assert code not in repr(secret) + str(secret) + str(vars(secret)["_value"])


@pytest.mark.parametrize(
    "key",
    ["", "  ", "opensesame 0189", "JBSW", f"otpauth://hotp/x?secret={KEY}&counter=1", "otpauth://totp/x",
     f"{ADDRESS}&period=0", f"{ADDRESS}&digits=3", f"{ADDRESS}&digits=x", f"{ADDRESS}&algorithm=MD5", None],
)  # fmt: skip
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key: Any) -> None:
    with pytest.raises(InvalidSetting, match="key of a one-time code cannot be used") as refused:
        Secret.totp(key)
    assert not key or not key.strip() or key not in str(refused.value)
    assert refused.value.__cause__ is None


def test_without_the_package_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyotp.totp", None)
    with pytest.raises(MissingExtra, match="pip install pyotp"):
        Secret.totp(KEY)


@pytest.mark.parametrize(("at", "waits"), [(0.0, None), (27.9, None), (28.0, 2.0), (29.5, 0.5)])
async def test_a_code_that_is_nearly_over_is_not_given_out(at: float, waits: float | None) -> None:
    clock, slept = [at], list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    secret = Secret.totp(KEY, now=lambda: clock[0], sleep=sleep)
    assert await secret.fetch() == ("755224" if waits is None else "287082")
    assert slept == ([] if waits is None else [waits])


async def test_values_that_are_fetched_stay_known() -> None:
    values = iter(["one-word", "two-words", "three"])
    secret = Secret(lambda: next(values))
    bound = secret.bound_to(["https://shop.example"])
    assert bound.known == ()
    assert (await bound.fetch(), secret.reveal()) == ("one-word", "two-words")
    assert bound.known == secret.known == ("one-word", "two-words")
    assert Secret("fixed").known == ("fixed",)


async def test_what_is_fetched_by_an_async_function_has_to_be_awaited() -> None:
    async def fetch() -> str:
        return "opensesame"

    assert await Secret(fetch).fetch() == "opensesame"
    assert await Secret(lambda: fetch()).fetch() == "opensesame"
    with pytest.raises(InvalidSetting, match=r"await secret\.fetch"):
        Secret(fetch).reveal()


@pytest.mark.parametrize("value", [None, 123456, b"bytes", ""])
async def test_what_is_no_text_is_no_secret(value: Any) -> None:
    with pytest.raises(InvalidSetting, match="a secret is a text") as refused:
        await Secret(lambda: value).fetch()
    assert "123456" not in str(refused.value)


@pytest.mark.parametrize("value", [None, 12345678, b"hunter22", ""])
def test_a_value_that_is_no_text_is_refused_at_once(value: Any) -> None:
    with pytest.raises(InvalidSetting, match=r"a secret (is a text, or a function|cannot be empty)") as refused:
        Secret(value)
    assert "12345678" not in str(refused.value)
    assert "hunter22" not in str(refused.value)


@pytest.mark.parametrize(
    "origins",
    ["https://shop.example", 5, [5], ["127.0.0.1"], ["shop.example"], ["https://*.shop.example"], ["ftp://a.example"]],
)
@pytest.mark.parametrize("make", [Secret, Secret.totp])
def test_origins_that_are_no_sites_are_refused(make: Any, origins: Any) -> None:
    with pytest.raises(InvalidSetting, match=r"https://shop\.example"):
        make(KEY, origins=origins)


def test_origins_are_any_addresses_of_a_site() -> None:
    origins = ("https://shop.example/login?x=1", "HTTP://127.0.0.1:8080", "http://[::1]/", " https://a.example ")
    assert Secret("opensesame", origins=origins).origins == origins
    assert Secret("opensesame").bound_to([""]).origins == ("",), "of a page without an address"
