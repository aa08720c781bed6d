"""When a run goes round in circles: one table, and a run that does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.agent.conftest import Site, said
from webhand import Agent, AgentConfig, Browser, Decision, RunStore, Step
from webhand.agent.config import Patience
from webhand.agent.history import Seen
from webhand.agent.stuck import SHOWN, Force, stuck
from webhand.controller import ActionCall, ActionResult, Controller
from webhand.llm.scripted import ScriptedModel, by_name

PATIENCE = Patience(hint=2, picture=3, other_way=4, report=6, repeats=9)
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
    "o": ("order", {"number": 1}),
    "O": ("order", {"number": 2}),
    "t": ("wait", {"text": "finished"}),
}
ERRORS = {"wait": "ActionTimeout"}


def trail(told: str) -> list[Step]:
    """A step for each word: the page it was on, what was done, `?` for a useless answer.

    `!` says that it failed, `~` that the page only looked different before it, `$` that a file came of it; anything
    else is what it answered.
    """
    return [_step(number, *word) for number, word in enumerate(told.split(), 1)]


def _step(number: int, page: str, letter: str, more: str = "") -> Step:
    failed = more == "!"
    seen = Seen(url="", title="", tokens=1, elements=1, page=page, repainted=more == "~")
    if letter == "?":
        return Step(number=number, observation=seen, error="OutputInvalid: no")
    action, arguments = WORDS[letter]
    error = ERRORS.get(action, "NotInteractable") if failed else None
    files = (Path("bill.pdf"),) if more == "$" else ()
    result = ActionResult(action=action, ok=not failed, text=more.strip("!~$"), error=error, files=files)
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
    "three things in vain": ("1c 1d 1h", "1", Force.HINT, "nothing new has come of the last 3 steps"),
    "four things in vain": ("1c 1d 1h 1c", "1", Force.PICTURE, "nothing new has come of the last 4 steps"),
    "looking around": ("1r 1f 1r 1f", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "looking at different things": ("1r 1f 1w", "1", None, ""),
    "scrolling on": ("1s 2s 3s 4s", "5", None, ""),
    "scrolling a box": ("1sa 1sb 1sc 1sd", "1", None, ""),
    "scrolling at the end": ("1s 2s 2s", "2", Force.HINT, "the same was done 2 times in a row"),
    "up and down at the end": ("1s 2s 2u 2s 2u", "2", Force.HINT, "the same 2 steps were done 2 times"),
    "other answers": ("1oa 1ob 1oc 1od", "1", None, ""),
    "the same answer to other questions": ("1oa 1Oa 1oa 1ob 1Ob", "1", None, ""),
    "the same answer": ("1oa 1oa 1oa", "1", Force.PICTURE, "the same was done 3 times in a row"),
    "an answer that was given before": ("1oa 1Oa 1h 1oa 1h", "1", Force.HINT, "nothing new has come of the last 3"),
    "files come": ("1c$ 1d$ 1h$", "1", None, ""),
    "the same file comes": ("1c$ 1c$", "1", Force.HINT, "the same was done 2 times in a row"),
    "only pictures change": ("1c 1c~ 1c~ 1c~ 1c~", "1", None, ""),
    "a picture as before": ("1c 1c~ 1c 1c", "1", Force.PICTURE, "the same was done 3 times in a row"),
    "a text that does not come": ("1t! 1t! 1t!", "1", None, ""),
    "a text that does not come for long": ("1t! 1t! 1t! 1t!", "1", Force.HINT, "the same was done 4 times in a row"),
    "the same on many pages": ("1c 2c 3c 4c 5c 6c 7c 8c", "9", None, ""),
    "the same on very many pages": ("1c 2c 3c 4c 5c 6c 7c 8c 9c", "1", Force.HINT, "the same was done 9 times"),
    "the same on very many pages, with other results": ("1ca 2ca 3ca 4ca 5cb 6cb 7cb 8cb 9cb", "1", None, ""),
    "back and forth": ("1c 2d 1c 2d", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "back and forth again": ("1c 2d 1c 2d 1c 2d", "1", Force.PICTURE, "the same 2 steps were done 3 times"),
    "back and forth from elsewhere": ("9h 1c 2d 1c 2d", "1", Force.HINT, "the same 2 steps were done 2 times"),
    "back and forth to somewhere new": ("1c 2d 1c 2d", "3", None, ""),
    "a few steps once more": ("1c 2d 3h 1c", "2", None, ""),
    "a circle of five": ("1c 2d 3h 4c 5d " * 2, "1", Force.HINT, "the same 5 steps were done 2 times"),
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


def _typed(number: int, text: str) -> Step:
    call = ActionCall(action="type", arguments={"ref": "e1", "text": text, "submit": True})
    result = ActionResult(action="type", ok=True, text='typed into textbox "Code"')
    seen = Seen(url="", title="", tokens=1, elements=1, page="1")
    return Step(number=number, observation=seen, decision=Decision(actions=(call,)), results=(result,))


def test_putting_in_one_thing_after_the_other_ends_no_run() -> None:
    steps = [_typed(number, f"A{number}") for number in range(40)]
    found = [stuck(steps[: length + 1], "1", PATIENCE) for length in range(40)]
    assert [one.force if one else None for one in found[:5]] == [None] * 5
    assert max(one.force for one in found if one) == Force.OTHER_WAY
    assert (last := found[-1])
    assert last.reason == "the page has shown nothing new for 40 steps"
    clicked = [_step(number, "1", "cd"[number % 2]) for number in range(40, 47)]
    again = stuck([*steps, *clicked], "1", PATIENCE)
    assert again
    assert again.force == Force.REPORT


def test_putting_in_the_same_again_does() -> None:
    found = stuck([_typed(number, "ABC"[number % 3]) for number in range(12)], "1", PATIENCE)
    assert found
    assert found.force == Force.REPORT


def test_the_actions_that_show_on_the_page_are_there() -> None:
    assert set(Controller().actions) >= SHOWN


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
