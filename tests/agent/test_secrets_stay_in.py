"""Five secrets on a page that says what it is told wherever it can: they are left nowhere."""

import io
import random
import string
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field
from rich.console import Console

from tests.agent.conftest import Site, done
from tests.agent.leaks import kept, leaks
from webhand import Agent, AgentConfig, Browser, Event, Result, RunStore, Secret
from webhand.agent.cautions import SecretWarning
from webhand.cli.live import LiveView
from webhand.controller.redact import redacted
from webhand.errors import ConfigError, StoreCorrupt
from webhand.llm.scripted import ScriptedModel, by_name
from webhand.report import write_report

KEY = "otpauth://totp/Shop:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8"
LONG = "".join(random.Random(5).choices(string.ascii_letters + string.digits + "+/=", k=100))
VALUES = {"plain": "hunter2-hunter2", "long": LONG, "odd": "Größe \"5\" & 'süß' <b>100%</b>"}
FIELDS = ("plain", "long", "odd", "fetched", "code")
ECHO = """<!doctype html><meta charset=utf-8><title>Echo</title><h1>Echo</h1>
<script>
const utf8 = (text) => String.fromCharCode(...new TextEncoder().encode(text));
const bold = (sign) => Object.assign(document.createElement("b"), { textContent: sign });
const echo = (value) => {
  document.title = value;
  const once = encodeURIComponent(value);
  history.replaceState(null, "", "?q=" + once + "&r=" + encodeURIComponent(once));
  said.textContent = value;
  coded.textContent = btoa(utf8(value)) + " " + btoa("user:" + utf8(value)) + " " + btoa(utf8(value) + "!")
    + " " + Array.from(new TextEncoder().encode(value), (byte) => byte.toString(16).padStart(2, "0")).join("");
  split.replaceChildren(...Array.from(value, (sign) => bold(sign)));
  for (const name of ["title", "aria-label", "placeholder", "value", "data-x"]) copy.setAttribute(name, value);
  button.textContent = JSON.stringify({ value });
  link.href = "/other?" + new URLSearchParams({ value });
  source.textContent = said.innerHTML;
  console.log(value); console.error("wrong: " + value);
  localStorage.setItem("last", value);
  sessionStorage.setItem("last", value);
  document.cookie = "last=" + once;
};
addEventListener("input", (event) => { echo(event.target.value); 
  all.textContent = Array.from(document.querySelectorAll("label input"), (one) => one.value).join(" ");
});
</script>
FIELDS
<p id=said></p><pre id=coded></pre><p id=split></p><p id=all></p><p id=source></p>
<input id=copy><button id=button onclick="alert(said.textContent)">Say</button><a id=link href=/other>Link</a>
""".replace("FIELDS", "\n".join(f"<label>{name} <input name={name} size=40></label>" for name in FIELDS))


def five(site: Site) -> dict[str, Secret]:
    async def fetch() -> str:
        return "brought-by-a-function"

    code = Secret.totp(KEY, now=lambda: 1_800_000_000.0)
    return {**{name: Secret(value) for name, value in VALUES.items()}, "fetched": Secret(fetch), "code": code}


@pytest.mark.parametrize("vision", ["never", "always"])
async def test_none_of_five_secrets_is_left_anywhere(
    site: Site, browser: Browser, store: RunStore, tmp_path: Path, capfd: pytest.CaptureFixture[str], vision: Any
) -> None:
    site.pages["/echo"] = ECHO
    secrets, events, console = five(site), list[Event](), io.StringIO()
    model = ScriptedModel(
        [
            *([{"type": {"ref": by_name(name), "text": f"<secret:{name}>"}}] for name in FIELDS),
            {"type": {"ref": by_name("odd"), "text": "<secret:long> <secret:odd>"}},
            [{"find": {"text": "hunter"}}, {"read": {}}],
            {"click": {"ref": "e999"}},
            {"navigate": {"url": f"{site.url}other?x=<secret:odd>&y=<secret:fetched>"}},
            {"back": {}},
            done("the word is <secret:plain>"),
        ]
    )
    agent = Agent(
        f"Type the word, which is {VALUES['plain']}, and the others",
        model,
        browser=browser,
        start_url=f"{site.url}echo",
        secrets=secrets,
        config=AgentConfig(vision=vision, extra_instructions=f"Never say {VALUES['odd']}", max_steps=20),
        store=store,
    )
    agent.tell(f"the code is {VALUES['plain']}")
    with LiveView(Console(file=console, width=100_000)) as view:
        agent._sinks = (events.append, view)  # pyright: ignore[reportPrivateUsage]
        result = await agent.run()
    assert result.status == "done", result.error
    assert [step.results[-1].ok for step in result.steps] == [True] * 7 + [False, True, True, True]
    assert result.answer == "the word is <secret:plain>"
    values = [value for secret in secrets.values() for value in secret.known]
    assert len(values) == 5, "each was given out"
    assert any(quoted in visit for visit in site.visits for quoted in ("y=brought-by-a-function",)), "the site got them"

    report = write_report(store.events(result.run_id), tmp_path / "reports")
    prompts = "\n".join(repr(message) for prompt in model.prompts for message in prompt)
    for name in FIELDS:
        assert f"<secret:{name}>" in prompts
    told = capfd.readouterr()
    assert leaks(values, prompts.encode()) == []
    assert leaks(values, report.read_bytes()) == []
    assert leaks(values, (console.getvalue() + told.out + told.err).encode()) == []
    assert leaks(values, (repr(result) + result.model_dump_json() + result._repr_html_()).encode()) == []  # pyright: ignore
    assert leaks(values, repr(events).encode()) == []
    assert leaks(values, kept(store.folder)) == [], "while it is open, with what is not yet in the main file"
    store.close()
    assert leaks(values, kept(store.folder)) == []


async def test_a_run_that_goes_on_knows_what_its_secrets_were_before(
    site: Site, browser: Browser, store: RunStore
) -> None:
    site.pages["/echo"] = ECHO
    fetched: list[str] = []

    def fetch() -> str:
        fetched.append("once")
        return "brought-by-a-function"

    def secrets(now: Callable[[], float]) -> dict[str, Secret]:
        words = {name: Secret(value) for name, value in VALUES.items()}
        return {**words, "fetched": Secret(fetch), "code": Secret.totp(KEY, now=now)}

    script = [{"type": {"ref": by_name(name), "text": f"<secret:{name}>"}} for name in ("fetched", "code")]
    before, url = secrets(time.time), f"{site.url}echo"
    config = AgentConfig(vision="never", max_steps=2)
    agent = Agent(
        "Type", ScriptedModel(script), browser=browser, start_url=url, secrets=before, config=config, store=store
    )
    first = await agent.run()
    assert first.status == "limit", first.error
    values = [value for name in ("fetched", "code") for value in before[name].known]
    assert (len(values), fetched) == (2, ["once"])

    later, model = secrets(lambda: 1_900_000_000.0), ScriptedModel([done()])
    more = AgentConfig(vision="never", max_steps=9)
    await Agent[Any].resume("last", model, browser=browser, secrets=later, config=more, store=store)
    assert fetched == ["once", "once"], "it was used before, so it is asked for again"
    assert redacted(" ".join(values), later) == "<secret:fetched> <secret:code>"
    assert leaks(values, repr(model.prompts).encode() + kept(store.folder)) == []


async def test_a_function_that_brings_nothing_any_more_keeps_the_run_from_going_on(
    site: Site, browser: Browser, store: RunStore
) -> None:
    values = iter(["brought-once"])
    secrets = {"word": Secret(lambda: next(values))}
    script = [{"type": {"ref": by_name("Note"), "text": "<secret:word>"}}]
    config = AgentConfig(vision="never", max_steps=1)
    agent = Agent(
        "Type", ScriptedModel(script), browser=browser, start_url=site.url, secrets=secrets, config=config, store=store
    )
    await agent.run()
    again = {"word": Secret(lambda: next(values))}
    with pytest.raises(ConfigError, match="'word' was used before and does not come now"):
        await Agent[Any].resume("last", ScriptedModel([]), browser=browser, secrets=again, store=store)


@pytest.mark.parametrize(
    "task",
    [
        "Sign in as anna, password hunter22",
        'Sign in as anna with the password "opensesame"',
        "Log in. Password: opensesame. Then buy boots",
        "Das Passwort ist hunter22",
        "the pin=4711",
        "open https://anna:opensesame@shop.example/",
    ],
)
def test_a_password_in_a_task_is_warned_of(task: str) -> None:
    with pytest.warns(SecretWarning, match="seems to have a password in it") as caught:
        Agent(task, ScriptedModel([]), store=False)
    assert not any(word in str(caught[0].message) for word in ("hunter22", "opensesame", "4711"))
    assert caught[0].filename == __file__, "at the line that made the agent"


@pytest.mark.parametrize(
    "task",
    [
        'Type "anna" into "User" and <secret:pw> into "Password", then click "Sign in"',
        "Say whether the password is wrong",
        "Reset the password of user 12, and tell me the pin",
        'Sign in with the password "<secret:pw>"',
        "Password: <secret:pw>",
        "open https://shop.example:8080/a@b",
    ],
)
def test_a_task_without_a_password_is_not(task: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Agent(task, ScriptedModel([]), store=False)


def test_a_short_secret_is_warned_of() -> None:
    with pytest.warns(SecretWarning, match="'pin' has fewer than 6 characters"):
        Agent(
            "Type the pin",
            ScriptedModel([]),
            secrets={"pin": Secret("4711", origins=["https://a.example"])},
            store=False,
        )


@pytest.mark.parametrize("name", ["my password", "", "a>b"])
def test_a_name_that_no_model_could_write_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="a secret cannot be called"):
        Agent("Type it", ScriptedModel([]), start_url="https://a.example", secrets={name: Secret("opensesame")})


class Word(BaseModel):
    word: str = Field(max_length=15)


@pytest.mark.parametrize("fetched", [False, True])
async def test_an_output_that_has_no_room_for_the_name_of_a_secret(
    fetched: bool, site: Site, browser: Browser, store: RunStore
) -> None:
    value = VALUES["plain"]
    secret = Secret(lambda: value) if fetched else Secret(value)
    model = ScriptedModel(
        [{"type": {"ref": by_name("Note"), "text": "<secret:a_long_name>"}}, {"done": {"output": {"word": value}}}]
    )
    result = await Agent(
        "Type", model, browser=browser, start_url=site.url, output=Word, secrets={"a_long_name": secret}, store=store
    ).run()
    assert (result.status, result.output) == ("done", Word(word=value))
    assert leaks([value], kept(store.folder)) == []
    with pytest.raises(StoreCorrupt, match="does not fit Word.*names of secrets"):
        Result[Any].of(store.events(result.run_id), Word)


async def test_a_download_is_not_called_by_a_secret(site: Site, browser: Browser, store: RunStore) -> None:
    site.pages[f"/export/{VALUES['plain']}"] = "data"
    model = ScriptedModel([{"download": {"url": f"{site.url}export/<secret:pw>"}}, done()])
    secrets = {"pw": Secret(VALUES["plain"])}
    agent = Agent("Fetch it", model, browser=browser, start_url=site.url, secrets=secrets, store=store)
    result = await agent.run()
    (file,) = result.files
    assert file.is_file()
    assert file.stem == "secret"
    assert [path for path in store.folder.rglob("*") if "hunter2" in path.name] == []
