"""Which addresses may be opened. The cases are told in tests/data/allowlist_cases.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhand.browser import AddressRules
from webhand.browser.guard.hosts import Host, Reach, reach_of
from webhand.errors import ConfigError

CASES = json.loads((Path(__file__).parents[1] / "data" / "allowlist_cases.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_each_case_is_judged_as_it_should_be(case: dict[str, Any]) -> None:
    if case.get("invalid_pattern"):
        with pytest.raises(ConfigError):
            AddressRules(case["patterns"], case.get("blocked", ()))
        return
    rules = AddressRules(case["patterns"], case.get("blocked", ()), **case.get("options", {}))
    verdict = rules.judge(case["url"], case.get("context", "navigate"), case.get("resolves_to"))
    assert verdict.allowed == (case["expected"] == "allow"), verdict.reason
    assert (verdict.href is not None) == verdict.allowed


@pytest.mark.parametrize(
    ("url", "context"),
    [
        ("blob:about:blank", "navigate"),
        ("blob:data:text/plain,x", "subresource"),
        ("blob:https://a:b@example.com/1", "navigate"),
        ("about:blank", "subresource"),
        ("about:srcdoc", "navigate"),
        ("https://a..example.com/", "navigate"),
        ("https://.example.com/", "navigate"),
        ("https://example.com/", "websocket"),
        ("https://example.com/", "a use that nobody knows"),
        ("\ud800", "navigate"),
        (None, "navigate"),
        (b"https://example.com/", "navigate"),
    ],
)
def test_what_is_not_expressly_allowed_is_denied_without_an_error(url: Any, context: Any) -> None:
    verdict = AddressRules().judge(url, context)
    assert not verdict.allowed
    assert verdict.reason
    assert verdict.href is None


def test_what_a_document_loads_may_come_from_a_private_network_only_where_that_is_said() -> None:
    url = "http://10.0.0.5/x.js"
    assert not AddressRules(["shop.example"]).judge(url, "subresource").allowed
    assert AddressRules(["shop.example"], allow_private_networks=True).judge(url, "subresource").allowed
    strict = AddressRules(["shop.example"], allow_private_networks=True, strict_subresources=True)
    assert not strict.judge(url, "subresource").allowed


@pytest.mark.parametrize(
    "answer", ["2606:4700::1", "2606:4700:0:0::1", "::ffff:8.8.4.4", "8.8.4.4", "64:ff9b::808:404"]
)
def test_a_blocked_address_is_blocked_behind_a_name_and_however_it_is_written(answer: str) -> None:
    rules = AddressRules(blocked=["[2606:4700:0::1]", "8.8.4.4"])
    assert not rules.judge("https://shop.example/", resolves_to=["9.9.9.9", answer]).allowed
    assert rules.judge("https://shop.example/", resolves_to=["9.9.9.9"]).allowed


@pytest.mark.parametrize("answers", [[], ["169.254.169.254"], ["9.9.9.9", "10.0.0.1"], ["nowhere"], ["fe80::1%eth0"]])
def test_a_name_is_as_bad_as_the_worst_that_it_leads_to(answers: list[str]) -> None:
    assert not AddressRules(["shop.example"]).judge("https://shop.example/", resolves_to=answers).allowed


@pytest.mark.parametrize(
    "pattern",
    ["127.0.0.1.", "0x7f.1", "*.127.0.0.1", "*.*", "*.", "[::1", "[]", "::1", "x.com:", "x.com:-1", "\tx.com", "a b"]
    + ["x.com:99999999999999999999", "%78.com", "[fe80::1%25eth0]", "https://", "*.com", "x.com..", "a\\b", "a,b"],
)
@pytest.mark.parametrize("name", ["allowed", "blocked"])
def test_one_bad_pattern_refuses_all_and_is_named(pattern: str, name: str) -> None:
    given = ["example.com", pattern]
    with pytest.raises(ConfigError, match=f"^{name} has ") as refused:
        AddressRules(given) if name == "allowed" else AddressRules(blocked=given)
    assert repr(pattern) in str(refused.value)


@pytest.mark.parametrize("given", ["example.com", [5], [None]])
def test_patterns_are_a_list_of_texts(given: Any) -> None:
    with pytest.raises(ConfigError, match="is a list of patterns"):
        AddressRules(given)


@pytest.mark.parametrize("pattern", ["EXAMPLE.com.", " example.com ", "HTTPS://example.com/*", "example.com:0443"])
def test_a_pattern_may_be_written_in_several_ways(pattern: str) -> None:
    assert AddressRules([pattern]).judge("https://example.com/").allowed


@given(st.ip_addresses())
def test_an_address_reaches_as_far_by_whatever_spelling_it_is_opened(ip: Any) -> None:
    host = Host.at(ip)
    verdict = AddressRules().judge(f"http://{host.text}:8080/")
    assert verdict.allowed == (reach_of(ip) is Reach.PUBLIC)
    if ip.version == 4:
        assert AddressRules().judge(f"http://{int(ip)}:8080/").allowed == verdict.allowed
        assert AddressRules().judge(f"http://[::ffff:{ip}]:8080/").allowed == verdict.allowed


@given(st.text(), st.sampled_from(["navigate", "iframe", "subresource", "websocket"]))
def test_no_text_is_too_odd_to_be_judged(url: str, context: Any) -> None:
    for rules in (AddressRules(), AddressRules(["*"]), AddressRules([]), AddressRules(blocked=["*"])):
        verdict = rules.judge(url, context)
        assert isinstance(verdict.allowed, bool)
        assert not (verdict.allowed and rules.judge(verdict.href or "", context) != verdict)


@given(st.sampled_from(CASES))
def test_what_is_blocked_stays_so_whatever_is_allowed(case: dict[str, Any]) -> None:
    if case.get("invalid_pattern"):
        return
    rules = AddressRules([*(case["patterns"] or ()), "*", "http*://*:*"], ["*"])
    verdict = rules.judge(case["url"], case.get("context", "navigate"))
    assert not verdict.allowed or (verdict.href or "").startswith(("about:", "data:"))
