"""Where a model is reached, and with which key: what cannot be used is told, and never shown."""

import base64
import dataclasses
import traceback
from typing import Any

import pytest

from webhand.errors import InvalidSetting, MissingExtra, MissingKey
from webhand.llm.catalog import get_model
from webhand.llm.endpoint import Endpoint
from webhand.llm.keys import without_key
from webhand.llm.providers.azure import AzureOpenAIModel
from webhand.llm.proxies import check_proxies, proxy_before, proxy_passwords
from webhand.secrets import Secret

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        for written in (name, name.lower()):
            monkeypatch.delenv(written, raising=False)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (KEY, "begins with neither http:// nor https://"),
        ("host.example/v1", "begins with neither"),
        ("ftp://host.example", "begins with neither"),
        ("https:///v1", "names no host"),
        ("https://host.example:0/v1", "names no host, or a port that is none"),
        ("https://host.example:port/v1", "cannot be read"),
        ("https://[::1/v1", "cannot be read"),
        (f"https://host.example/v1 {KEY}", "holds a blank"),
        (f"https://host.example/v1?key={KEY}", r"goes on after its path with \? or #"),
        (f"https://host.example/v1#{KEY}", r"goes on after its path with \? or #"),
        (f"https://anna:12/{KEY}@host.example/v1", "in a login write %2F for /"),
        ("http://10.0.0.300:8000/v1", "is none that a request can be sent to"),
        ("http://256.1.1.1", "is none that"),
        ("http://[v1.x]/", "cannot be read|is none that"),
        ("http://host.example/\x01", "is none that"),
        ("http://\ud800.example", "is none that"),
        ("http://anna:\ud800@host.example", "is none that"),
        ("http://\xad", "is none that"),
        ("http://host.example/" + "x" * 4000, "is none that"),
    ],
)
@pytest.mark.parametrize("name", ["openai/m", "compatible/m", "azure/m", "ollama/m", "bedrock/m", "gemini/m"])
def test_an_address_that_is_none_is_told_but_not_shown(address: str, why: str, name: str) -> None:
    with pytest.raises(InvalidSetting, match=why) as caught:
        get_model(name, api_key="sk-test-0123456789abcdef", base_url=address)
    assert "base_url" in str(caught.value)
    assert KEY not in repr(caught.value)
    assert address not in str(caught.value)


def test_an_address_of_the_environment_is_told_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", KEY)
    with pytest.raises(InvalidSetting, match="in OPENAI_BASE_URL begins with neither"):
        get_model("openai/m", api_key=KEY)


@pytest.mark.parametrize(
    ("written", "password"),
    [(KEY, KEY), (f"x@{KEY}", f"x@{KEY}"), (f"%3A%40{KEY}", f":@{KEY}"), (f"a:{KEY}", f"a:{KEY}")],
    ids=["plain", "at", "escaped", "colon"],
)
def test_a_login_in_an_address_takes_the_place_of_a_key_and_is_kept_nowhere(written: str, password: str) -> None:
    address = f"http://anna:{written}@host.example/v1"
    with pytest.raises(InvalidSetting, match="take the login out of the address, or give no key") as caught:
        get_model("compatible/m", api_key="sk-test-0123456789abcdef", base_url=address)
    assert KEY not in str(caught.value)
    model: Any = get_model("compatible/m", base_url=address)
    assert KEY not in repr(model.endpoint) + repr(model.way)
    assert model.endpoint.base_url == model.way["base_url"] == "http://host.example/v1"
    assert model.endpoint.authorization == f"Basic {base64.b64encode(f'anna:{password}'.encode()).decode()}"
    assert without_key(f"see {address}, or ask") == "see http://***@host.example/v1, or ask"


@pytest.mark.parametrize(("written", "pair"), [("anna", "anna:"), (f":{KEY}", f":{KEY}")])
def test_half_a_login_is_one_too(written: str, pair: str) -> None:
    model: Any = get_model("compatible/m", base_url=f"http://{written}@host.example/v1")
    assert model.endpoint.authorization == f"Basic {base64.b64encode(pair.encode()).decode()}"
    assert KEY not in repr(model.endpoint) + repr(model.endpoint.login)


def test_a_login_is_not_sent_where_requests_are_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    with pytest.raises(InvalidSetting, match="holds a login, which is not sent to it") as caught:
        get_model("bedrock/m", base_url=f"https://anna:{KEY}@host.example", region="eu-west-1")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("name", [KEY, f"sk-{KEY}", f"gsk_{KEY}", "AKIA0123456789ABCDEF", "two words"])
def test_a_key_in_the_place_of_its_variable_is_not_shown(name: str) -> None:
    with pytest.raises(InvalidSetting, match="api_key_env is no variable that is set") as caught:
        get_model("openai/m", api_key_env=name)
    assert name not in str(caught.value)


def test_a_function_that_brings_no_key_is_told_without_what_it_says() -> None:
    def locked() -> str:
        raise RuntimeError(f"the vault with {KEY} is shut")

    with pytest.raises(InvalidSetting, match=r"for openai brought none \(RuntimeError\)") as caught:
        get_model("openai/m", api_key=Secret(locked))
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_variable_that_is_not_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingKey, match="set MY_KEY"):
        get_model("openai/m", api_key_env="MY_KEY")
    monkeypatch.setenv("my-own.key", KEY)
    model: Any = get_model("openai/m", api_key_env="my-own.key")
    assert model.endpoint.revealed == KEY


def test_a_key_is_in_no_view_of_what_holds_it() -> None:
    endpoint = Endpoint("https://host.example/v1", Secret(KEY), "MY_KEY")
    model = AzureOpenAIModel("m", azure_ad_token=KEY, base_url="https://host.example")
    for view in (endpoint, vars(endpoint), dataclasses.asdict(endpoint), model, vars(model)):
        assert KEY not in str(view)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "address",
    ["ftp://proxy:21", "http://", "http://proxy:port", "socks9://anna:pass-word@proxy:1", "http://256.1.1.1:1"],
)
@pytest.mark.parametrize("name", ["openai/m", "anthropic/m", "groq/m", "gemini/m", "ollama/m", "bedrock/m"])
def test_a_proxy_that_is_none_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, address: str, name: str
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv(variable, address)
    with pytest.raises(InvalidSetting, match=f"{variable.upper()} names no proxy that can be used") as caught:
        get_model(name, api_key=KEY)
    assert "pass-word" not in str(caught.value)


def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://anna:pass-word@127.0.0.1:1080")
    with pytest.raises(MissingExtra, match=r"ALL_PROXY names a SOCKS proxy.*pip install socksio"):
        get_model("openai/m", api_key=KEY)
    with pytest.raises(InvalidSetting, match="it begins with http:// or https:// and a host"):
        check_proxies(socks=False)


@pytest.mark.parametrize("address", ["http://127.0.0.1:3128", "127.0.0.1:3128", "https://anna:p%40ss@proxy.example"])
def test_usual_proxies_are_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    get_model("openai/m", api_key=KEY)


def test_the_proxy_before_a_server_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_before("https://host.example/v1") is None
    assert proxy_passwords() == ()
    monkeypatch.setenv("HTTPS_PROXY", "http://anna:p%40ss@proxy.example:3128")
    monkeypatch.setenv("ALL_PROXY", "other.example")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,inside.example")
    assert proxy_before("https://host.example/v1") == "proxy.example:3128"
    assert proxy_before("http://host.example:8000/v1") == "other.example"
    assert proxy_before("http://127.0.0.1:8000/v1") is None
    assert proxy_before("https://inside.example/v1") is None
    assert set(proxy_passwords()) == {"p%40ss", "p@ss"}


@pytest.mark.parametrize(
    ("named", "straight"),
    [
        ("127.0.0.1", ["http://127.0.0.1:8000"]),
        ("localhost,[::1]", ["http://localhost:1/v1", "http://[::1]:8000/v1", "http://[::1]"]),
        ("::1", ["http://[::1]:8000/v1"]),
        ("10.0.0.0/8, fd00::/8", ["http://10.1.2.3", "https://[fd00::7]:1/v1"]),
        ("inside.example", ["http://inside.example", "https://deep.inside.example"]),
        ("*.inside.example,.other.example", ["http://deep.inside.example", "http://deep.other.example"]),
        ("http://10.0.0.7:8000", ["http://10.0.0.7:8000/v1"]),
        ("HOST.example:8000", ["http://host.example:8000"]),
        ("nobody,*", ["https://host.example"]),
        ("[::1,ü,1.2.3.4/99,a b,,.,://,\x01", []),
    ],
)
def test_exceptions_are_named_in_the_usual_ways(
    monkeypatch: pytest.MonkeyPatch, named: str, straight: list[str]
) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", named)
    assert [url for url in straight if proxy_before(url) is not None] == []
    others = ["https://1.2.3.4", "https://[fd00::7]", "https://host.example", "http://notinside.example"]
    over = [url for url in others if proxy_before(url) == "proxy.example:3128"]
    assert len(over) >= 3 or named == "nobody,*"
    assert "https://1.2.3.4" in over or named == "nobody,*"


OURS = {"openai/m": "OPENAI_CUSTOM_HEADERS", "anthropic/m": "ANTHROPIC_CUSTOM_HEADERS", "groq/m": "GROQ_CUSTOM_HEADERS"}
UNFIT = [
    ("Bad Name: x", "a header whose name none can have"),
    (f"Bearer {KEY}: x", "a header whose name none can have"),
    (": x", "a header whose name none can have"),
    (f"X: ü{KEY}", "cannot be sent as the header X"),
    (f"X-Good: 1\nX-A: {KEY}\rb", "cannot be sent as the header X-A"),
    ("Content-Length: 5", "sets Content-Length"),
    ("transfer-encoding: chunked", "sets transfer-encoding"),
]


@pytest.mark.parametrize(
    ("name", "variable", "value", "why"),
    [
        *((name, variable, *unfit) for name, variable in OURS.items() for unfit in UNFIT),
        *(
            ("openai/m", variable, f"{value}{KEY}", f"cannot be sent as the header {header}")
            for variable, header in (("OPENAI_ORG_ID", "OpenAI-Org"), ("OPENAI_PROJECT_ID", "OpenAI-Project"))
            for value in ("ü", "a\nb")
        ),
    ],
)
def test_headers_that_cannot_be_sent_are_told_by_their_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, variable: str, value: str, why: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSetting, match=f"{variable} .*{why}|{variable} {why}") as caught:
        get_model(name, api_key="sk-test-0123456789abcdef")
    assert KEY not in str(caught.value)
    get_model("compatible/m", base_url="http://host.example")  # those are not sent there


def test_a_key_that_an_async_function_brings_is_told_with_what_to_do() -> None:
    async def fetch() -> str:
        return "sk-fetched"

    with pytest.raises(InvalidSetting, match=r"key for openai is read as the model is made.*pass the text"):
        get_model("openai/gpt-6-luna", api_key=Secret(fetch))
