"""Parts of secrets, as fields hold them that take less or pass signs on: no model and no log gets to know them."""

from typing import Any

import pytest

from tests.agent.conftest import Site, done
from tests.agent.leaks import kept
from webhand import Agent, AgentConfig, Browser, RunStore, Secret
from webhand.llm.scripted import ScriptedModel, by_name

BOXES = "".join(f'<input aria-label="Digit {number}" maxlength=1 class=box>' for number in range(1, 7))
MOVES_ON = f"""<!doctype html><title>Code</title>{BOXES}<script>
const boxes = [...document.querySelectorAll(".box")];
boxes.forEach((box, i) => box.addEventListener("input", () => box.value && boxes[i + 1]?.focus()));
</script>"""
DEALS_OUT = f"""<!doctype html><title>Code</title><div id=there>{BOXES}</div><label>All <input id=all></label><script>
all.addEventListener("input", () => {{
  there.innerHTML = there.innerHTML;
  [...all.value].forEach((sign, i) => {{ there.children[i].value = sign; }});
  if (all.value.length === 6) all.value = "";
}});
</script>"""
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
WORD = "correcthorsebattery"


async def told(
    page: str, script: list[Any], secret: Secret, site: Site, browser: Browser, store: RunStore
) -> list[str]:
    """The prompts of a run, the last message of each, and what the log's folder holds."""
    site.pages["/page"] = page
    model = ScriptedModel([*script, done()])
    agent = Agent(
        "Type it",
        model,
        browser=browser,
        start_url=f"{site.url}page",
        secrets={"word": secret},
        config=AgentConfig(vision="never"),
        store=store,
    )
    result = await agent.run()
    assert result.status == "done", result.error
    return [*(prompt[-1].text for prompt in model.prompts), kept(store.folder).decode("latin-1")]


def typed(name: str, text: str = "<secret:word>", **more: Any) -> dict[str, Any]:
    return {"type": {"ref": by_name(name), "text": text, **more}}


@pytest.mark.parametrize(("page", "name"), [(MOVES_ON, "Digit 1"), (DEALS_OUT, "All")])
async def test_a_code_that_a_page_deals_out_to_boxes_is_told_of_none_of_them(
    page: str, name: str, site: Site, browser: Browser, store: RunStore
) -> None:
    secret = Secret.totp(KEY, now=lambda: 1.8e9)
    _, last, log = await told(page, [typed(name)], secret, site, browser, store)
    (code,) = secret.known
    for number, digit in enumerate(code, 1):
        assert f'Digit {number} = "•"' in last
        assert f'Digit {number} = "{digit}"' not in log


async def test_a_field_that_takes_a_part_only_says_how_much_it_takes(
    site: Site, browser: Browser, store: RunStore
) -> None:
    page = "<!doctype html><title>Short</title><label>Short <input maxlength=12></label>"
    script = [typed("Short"), typed("Short", "anna")]
    _, first, last, log = await told(page, script, Secret(WORD), site, browser, store)
    assert 'Short = "••••••••••••"' in first
    assert "it takes 12 characters" in first
    assert 'Short = "anna"' in last
    assert "correct" not in first + last + log


@pytest.mark.parametrize(
    "change", ["this.value = this.value.toUpperCase()", "this.value = this.value.replace(/.{4}(?!$)/g, '$& ')"]
)
async def test_a_field_that_writes_it_otherwise(change: str, site: Site, browser: Browser, store: RunStore) -> None:
    page = (
        f'<!doctype html><title>Other</title><label>Word <input onchange="{change}"></label><label>Name <input></label>'
    )
    script = [typed("Word"), typed("Name", "anna")]
    *prompts, log = await told(page, script, Secret(WORD), site, browser, store)
    assert 'Name = "anna"' in prompts[-1]
    assert "CORRECT" not in "".join(prompts) + log
    assert "corr ecth" not in "".join(prompts) + log


async def test_a_value_that_is_cut_before_it_is_told(site: Site, browser: Browser, store: RunStore) -> None:
    page = """<!doctype html><title>Cut</title><label>Text
<textarea oninput="this.value = this.value.replace('Q', 'q')"></textarea></label>"""
    script = [typed("Text", "Q" * 186 + "<secret:word>"), typed("Text", "Q" * 300)]
    *prompts, log = await told(page, script, Secret(WORD), site, browser, store)
    assert "correct" not in "".join(prompts) + log
    assert "qqq…' now" in prompts[-1], "what is no secret is told, and that it was cut"
