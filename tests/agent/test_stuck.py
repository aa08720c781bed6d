"""When a run goes round in circles: one table, and a run that does."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.agent.conftest import Site, said
from webhand import Agent, AgentConfig, Browser, Decision, RunStore, Step
from webhand.agent.config import Patience
from webhand.agent.history import Seen
from webhand.agent.stuck import Force, stuck
from webhand.controller import ActionCall, ActionResult
from webhand.llm.scripted import ScriptedModel, by_name

PATIENCE = Patience(hint=2, picture=3, other_way=4, report=6)
WORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "c": ("click", {"ref": "e1"}),
    "d": ("click", {"ref": "e2"}),
    "p": ("click_at", {"x": 3, "y": 4}),
    "h": ("hover", {"ref": "e1"}),
    "s": ("scroll", {"direction": "down"}),
    "u": ("scroll", {"direction": "up"}),
    "w": ("wait", {"seconds": 1}),
    "r": ("read", {}),
    "f": ("find", {"text": "boots"}),
}


def trail(told: str) -> list[Step]:
    """A step for each word: the page it was on, what was done, `!` where that failed, `?` for a useless answer."""
    return [_step(number, *word) for number, word in enumerate(told.split(), 1)]


def _step(number: int, page: str, letter: str, failed: str = "") -> Step:
    seen = Seen(url="", title="", tokens=1, elements=1, page=page)
    if letter == "?":
        return Step(number=number, observation=seen, error="OutputInvalid: no")
    action, arguments = WORDS[letter]
    result = ActionResult(action=action, ok=not failed, text="", error="NotInteractable" if failed else None)
    decision = Decision(actions=(ActionCall(action=action, arguments=arguments),))
    return Step(number=number, observation=seen, decision=decision, results=(result,))


# the steps, the page now, how firmly it is said, what is said of it
TABLE: dict[str, tuple[str, str, Force | None, str]] = {
    "nothing yet": ("", "1", None, ""),
    "one step": ("1c", "1", None, ""),
    "the page changed": ("1c 2c 3c", "4", None, ""),
    "it changed only now": ("1c 1c", "2", None, ""),
    "the same twice": ("1c 1c", "1", Force.HINT, "the same was done 2 times in a row"),
    "the same three times": ("1c 1c 1c", "1", Force.PICTURE, "the same was done 3 times in a row"),
    "the same four times": ("1c 1c 1c 1c", "1", Force.OTHER_WAY, "the same was done 4 times in a row"),
    "the same six times": ("1c 1c 1c 1c 1c 1c", "1", Force.REPORT, "the same was done 6 times in a row"),
    "waiting for long": ("1w 1w 1w", "1", None, ""),
    "waiting for very long": ("1w 1w 1w 1w", "1", Force.HINT, "the same was done 4 times in a row"),
    "three things in vain": ("1c 1d 1h", "1", Force.HINT, "nothing has changed on the page for 3 steps"),
    "four things in vain": ("1c 1d 1h 1c", "1", Force.PICTURE, "nothing has changed on the page for 4 steps"),
    "looking around": ("1r 1f 1r 1f", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "looking at different things": ("1r 1f 1w", "1", None, ""),
    "scrolling on": ("1s 2s 3s 4s", "5", None, ""),
    "scrolling at the end": ("1s 2s 2u 2s", "2", Force.HINT, "there is nowhere left to scroll to"),
    "back and forth": ("1c 2d 1c 2d", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "back and forth again": ("1c 2d 1c 2d 1c 2d", "1", Force.PICTURE, "the same 2 steps were done 3 times"),
    "back and forth from elsewhere": ("9h 1c 2d 1c 2d", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "back and forth to somewhere new": ("1c 2d 1c 2d", "3", None, ""),
    "a circle of three": ("1c 2d 3h 1c 2d 3h", "1", Force.HINT, "the same 3 steps were done 2 times"),
    "up and down": ("1s 2u 1s 2u", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "one failure": ("1c 2d!", "2", None, ""),
    "two failures of one kind": ("1c! 2d!", "2", Force.PICTURE, "click has failed 2 times in a row"),
    "failures of two kinds": ("1c! 2h!", "2", None, ""),
    "three failures of one kind": ("1c! 2d! 3c!", "3", Force.OTHER_WAY, "click has failed 3 times in a row"),
    "useless answers": ("1? 1?", "1", Force.PICTURE, "your answer has failed 2 times in a row"),
    "drawn things are clicked": ("1p 1p 1p 1p", "1", None, ""),
    "it goes on after all": ("1c 1c 1c 2d", "3", None, ""),
}


@pytest.mark.parametrize(("told", "page", "force", "reason"), TABLE.values(), ids=TABLE)
def test_what_goes_round_in_circles_is_told(told: str, page: str, force: Force | None, reason: str) -> None:
    found = stuck(trail(told), page, PATIENCE)
    assert (None if found is None else found.force) == force, found
    assert reason in ("" if found is None else found.reason)


def test_steps_of_a_log_without_pages_are_no_circle() -> None:
    blind = [step.model_copy(update={"observation": None}) for step in trail("1c 1d 1h 1c")]
    assert stuck(blind, "1", PATIENCE) is None


def prompts(model: ScriptedModel) -> Sequence[str]:
    return [said(prompt) for prompt in model.prompts]


async def test_a_run_that_repeats_itself_is_told_and_ended(site: Site, browser: Browser, store: RunStore) -> None:
    again = {"actions": [{"click": {"ref": by_name("Nothing")}}]}
    model = ScriptedModel([again] * 20)  # the first click is not in vain: the button has the focus then
    site.pages["/idle"] = "<!doctype html><title>Idle</title><button>Nothing</button>"
    start = f"{site.url}idle"
    config = AgentConfig(patience=Patience(hint=2, picture=2, other_way=3, report=4), thinking="none")
    result = await Agent("go on", model, browser=browser, start_url=start, config=config, store=store).run()
    assert (result.status, result.success, len(result.steps)) == ("limit", False, 6)
    assert result.limit == "patience: the same was done 4 times in a row and the page is as before"
    notes = [next((line for line in text.splitlines() if "Note: the same" in line), "") for text in prompts(model)]
    assert [bool(note) for note in notes] == [False, False, False, True, True, True]
    assert "end with done now" in notes[-1]
    assert [step.observation.force for step in result.steps if step.observation] == [0, 0, 0, 2, 3, 4]
