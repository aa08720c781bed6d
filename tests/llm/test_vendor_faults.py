"""What a vendor's error is called, and what its text may hold."""

import re

import pytest

from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    ContextTooLong,
    LLMError,
    ModelNotFound,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SchemaRefused,
    UnsupportedInput,
)
from webhand.llm.endpoint import Endpoint
from webhand.llm.failure import Failure, described
from webhand.llm.faults import Faults, classify
from webhand.secrets import Secret

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmVk"
KEY = "unusual.key.without.prefix"
UPGRADE = ". Need more tokens? Upgrade to Dev Tier today at https://console.vendor.example/settings/billing"
FAULTS = Faults("openai", "m", Endpoint("https://user:pw@host.example:8443/v1", Secret(KEY), "OPENAI_API_KEY"))


@pytest.mark.parametrize(
    ("status", "code", "message", "error"),
    [
        (400, "", "what is this", BadRequest),
        (400, "context_length_exceeded", "", ContextTooLong),
        (400, "", "prompt is too long: 300 tokens > 200 maximum", ContextTooLong),
        (400, "", "This model's maximum context length is 8192 tokens", ContextTooLong),
        (400, "content_filter", "", ContentBlocked),
        (400, "", "Invalid schema for response_format 'X'", SchemaRefused),
        (400, "", "This model does not support response format `json_schema`", SchemaRefused),
        (400, "", "The compiled grammar is too large", SchemaRefused),
        (400, "", "tool_choice forces tool use, which this model does not support", SchemaRefused),
        (400, "", "tools are not supported", SchemaRefused),
        (400, "", "Could not process image", UnsupportedInput),
        (400, "API_KEY_INVALID", "", AuthError),
        (400, "model_decommissioned", "", ModelNotFound),
        (400, "", "Model Not Exist", ModelNotFound),
        (400, "", "Your credit balance is too low", QuotaExhausted),
        (400, "", "Unknown parameter: 'billing_tag'", BadRequest),
        (400, "", "field 'imagery' is unknown", BadRequest),
        (400, "", "field 'moderation' is unknown", BadRequest),
        (400, "", "a field was flagged by the registry", BadRequest),
        (400, "", "Your prompt was flagged as potentially violating our usage policy", ContentBlocked),
        (400, "", "Your request was rejected by our moderation system", ContentBlocked),
        (400, "", "invalid image_url", UnsupportedInput),
        (400, "", "input_image: unsupported", UnsupportedInput),
        (400, "", "messages.0.content.1.image.source: bad", UnsupportedInput),
        (404, "", "No endpoints found that can handle the requested parameters.", SchemaRefused),
        (404, "", "No endpoints found that support tool use.", SchemaRefused),
        (404, "", "No endpoints found that support image input", UnsupportedInput),
        (404, "", "No endpoints found for some/model.", ModelNotFound),
        (401, "", "", AuthError),
        (402, "", "", QuotaExhausted),
        (403, "", "", AuthError),
        (403, "", "input was flagged by moderation", ContentBlocked),
        (404, "", "", ModelNotFound),
        (405, "", "", BadRequest),
        (408, "", "", ProviderTimeout),
        (409, "", "", ProviderUnavailable),
        (413, "", "", ContextTooLong),
        (413, "rate_limit_exceeded", f"Request too large on tokens per minute (TPM){UPGRADE}", ContextTooLong),
        (413, "rate_limit_exceeded", f"Limit 6000, Requested 9000{UPGRADE}", ContextTooLong),
        (422, "", "unknown field response_format", SchemaRefused),
        (429, "", "rate limit reached for model x: too many tokens", RateLimited),
        (429, "rate_limit_exceeded", f"Rate limit reached for model x on TPM{UPGRADE}", RateLimited),
        (429, "rate_limit_exceeded", "Rate limit reached; add a payment method in billing", RateLimited),
        (429, "", f"Limit 500000, Used 499800{UPGRADE}", RateLimited),
        (429, "insufficient_quota", "", QuotaExhausted),
        (429, "", "You exceeded your current quota, please check your plan and billing details.", QuotaExhausted),
        (429, "billing_hard_limit_reached", "", QuotaExhausted),
        (403, "billing_error", "", QuotaExhausted),
        (400, "blocked_api_access", "API access is blocked: the spend limit is reached", QuotaExhausted),
        (498, "", "", Overloaded),
        (500, "", "context window", ProviderUnavailable),
        (502, "", "", ProviderUnavailable),
        (503, "", "", Overloaded),
        (504, "", "", ProviderTimeout),
        (529, "", "", Overloaded),
        (599, "", "", ProviderUnavailable),
    ],
)
def test_statuses_and_words_are_told_apart(status: int, code: str, message: str, error: type[LLMError]) -> None:
    failure = Failure.of(status, {"error": {"message": message, "code": code}}, {})
    assert classify(failure, structured=True) is error
    made = FAULTS.status(failure, structured=True)
    assert type(made) is error
    assert (made.provider, made.model, made.status) == ("openai", "m", status)


def test_a_schema_can_only_be_refused_where_one_was_sent() -> None:
    failure = Failure.of(400, {"error": {"message": "response_format is odd"}}, {})
    assert classify(failure, structured=False) is BadRequest


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ({"error": {"message": "m", "code": "c"}}, "m", "c"),
        ({"message": "m", "code": 7}, "m", "7"),
        (
            {"detail": [{"loc": ["body", "x"], "msg": "m", "input": "long"}, {"msg": "n"}]},
            "body.x: m; request: n",
            None,
        ),
        ({"object": "error", "message": {"detail": [{"loc": ["body"], "msg": "m"}]}, "code": "c"}, "body: m", "c"),
        ({"error": {"message": "m", "code": 400, "metadata": {"raw": "why"}}}, "m: why", "400"),
        ({"error": {"message": "m", "metadata": {"raw": "<html>"}}}, "m: an HTML page", None),
        ({"error": "m"}, "m", None),
        ({"detail": "m"}, "m", None),
        ("m", "m", None),
        (None, "", None),
        ([1], "[1]", None),
        ({}, "", None),
    ],
)
def test_bodies_of_all_kinds_are_read(body: object, message: str, code: str | None) -> None:
    failure = Failure.of(400, body, {"x-request-id": "r"})
    assert (failure.message, failure.code, failure.request_id) == (message, code, "r")


@pytest.mark.parametrize("secret", [KEY, "sk-abc123********wxyz", "gsk_abcdefghijkl", "sk-ant-api03-abcdefgh", JWT])
def test_keys_are_taken_out_of_what_a_vendor_says(secret: str) -> None:
    told = str(FAULTS.status(Failure(401, f"Incorrect API key provided: {secret}."), structured=False))
    assert secret not in told
    assert "***" in told
    assert "OPENAI_API_KEY" in told


def test_texts_are_one_short_line_with_the_host_and_no_password() -> None:
    error = FAULTS.status(Failure(400, "line\n\x1b[31m" + "x" * 5000), structured=False)
    assert len(str(error)) < 500
    assert str(error).isprintable()
    told = str(FAULTS.unreachable("All connection attempts failed"))
    assert "host.example:8443" in told
    assert "pw" not in told


def test_a_page_is_told_by_its_title() -> None:
    assert described("<html><title>Bad\nGateway </title>x</html>") == "an HTML page 'Bad\\nGateway'"
    assert described(" <!doctype html>") == "an HTML page"


@pytest.mark.parametrize(
    ("location", "advice"),
    [
        ("http://elsewhere.example/v1", "only points to elsewhere.example;"),
        ("http://[::1", "takes no such request;"),
        ("http://host:99999/", "only points to host;"),
        (f"http://{KEY}.example/{KEY}", r"only points to \*\*\*\.example;"),
        ("http://[" + "x" * 90_000, "takes no such request;"),
        ("/v2", "takes no such request;"),
    ],
)
def test_where_a_redirect_points_is_told_without_the_key(location: str, advice: str) -> None:
    error = FAULTS.status(Failure(302, "", headers={"location": location}), structured=False)
    assert type(error) is BadRequest
    assert re.search(advice, str(error))
    assert KEY not in str(error)


def test_what_a_server_said_is_not_shown_with_the_variables_of_a_traceback() -> None:
    said = Failure(401, "no such key sk-echoed", headers={"x-echo": "sk-echoed"}, body={"message": "sk-echoed"})
    assert "echoed" not in repr(said)
