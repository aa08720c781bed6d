"""A page that has hardly changed is not sent again: only what has changed, after what was sent before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.agent.prompts import CONFIG, RULES, look, step, text_of
from webhand import Observation
from webhand.agent.history import History, Notes
from webhand.agent.memory import Memory
from webhand.agent.prompt import CHANGED, Prompts
from webhand.agent.since import STEPS
from webhand.browser.observation import DialogInfo, TabInfo
from webhand.browser.tokens import tokens
from webhand.llm.elements import last_page
from webhand.llm.messages import Text

LINES = [f"e{number} button Take number {number}" for number in range(1, 101)]
"""A page long enough for its change to be worth showing alone."""


def page(*changed: tuple[int, str], **more: Any) -> Observation:
    """The page with some lines replaced."""
    lines = list(LINES)
    for place, line in changed:
        lines[place] = line
    seen = look("\n".join(lines), **more)
    return replace(seen, tokens=tokens(seen.text))


def prompts(*seen: Observation) -> list[str]:
    """The texts of a run's prompts, one step between each and the next."""
    made, history, texts = Prompts(RULES, CONFIG, Memory(CONFIG.memory_tokens)), History("Buy boots"), list[str]()
    for number, one in enumerate(seen, 1):
        texts.append(text_of(made.next(history, one)))
        history = history.add(step(number))
    return texts


def test_only_what_has_changed_is_shown_after_what_was_sent() -> None:
    first, second = prompts(page(), page((6, "e7 button Take number 7 (disabled)")))
    assert second.startswith(first)
    later = second[len(first) :]
    assert "+ e7 button Take number 7 (disabled)" in later
    assert "goal 1" in later
    assert "e40 button" not in later
    assert tokens(later) < tokens(first) / 4


def test_a_page_that_is_as_it_was_is_told_in_a_few_words() -> None:
    first, second, third = prompts(page(), page(), page())
    assert second.startswith(first)
    assert third.startswith(first)
    assert third.count(CHANGED) == 1
    assert "goal 1" in third
    assert "goal 2" in third


WHOLE = {
    "much has changed": page(*((place, f"e{place + 201} link Other {place}") for place in range(40))),
    "another address": page(url="https://shop.example/cart"),
    "another tab": page(tabs=(TabInfo(2, "https://shop.example/", "Shop", True),)),
    "a dialog": page(dialog=DialogInfo("alert", "Sure?")),
    "not read in time": page(partial=("a frame did not answer",)),
    "a page that is short": look("e1 button Go"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_page_is_shown_whole_when_its_change_would_not_tell_all(name: str) -> None:
    seen = WHOLE[name]
    second = prompts(page() if len(seen.text) > 100 else seen, seen)[1]
    assert CHANGED not in second
    assert seen.text in second
    assert second.count("<<<page") == prompts(seen)[0].count("<<<page")


def test_an_address_that_differs_in_its_fragment_is_the_same_page() -> None:
    assert CHANGED in prompts(page(), page(url="https://shop.example/#top"))[1]


def test_after_some_steps_the_page_is_shown_whole_again() -> None:
    made = prompts(*[page() for _ in range(STEPS + 3)])
    assert [CHANGED in one for one in made] == [False, *[True] * STEPS, False, True]
    assert made[-1].startswith(made[-2])


def test_what_was_sent_before_is_said_to_be_stable() -> None:
    made, history = Prompts(RULES, CONFIG, Memory(CONFIG.memory_tokens)), History("Buy boots")
    made.next(history, page())
    parts = made.next(history.add(step(1)), page())[-1].parts
    last = [part for part in parts if isinstance(part, Text) and part.stable][-1]
    assert "e40 button" in last.text


def test_notes_are_told_once_in_a_prompt_that_goes_on() -> None:
    notes = Notes(upto=1, text="row 1 is read")
    made = Prompts(RULES, CONFIG, Memory(CONFIG.memory_tokens))
    history = replace(History("Buy boots", (step(1), step(2))), noted=notes)
    made.next(history, page())
    second = text_of(made.next(history.add(step(3, notes=notes)), page()))
    assert CHANGED in second
    assert second.count("row 1 is read") == 1


def test_models_that_read_by_rule_know_the_whole_page() -> None:
    made, history = Prompts(RULES, CONFIG, Memory(CONFIG.memory_tokens)), History("Buy boots")
    made.next(history, page())
    shown = last_page(made.next(history.add(step(1)), page((6, "e7 button Other"))))
    assert shown is not None
    assert shown.whole is not None
    assert "e7 button Other" in shown.whole
    assert "e40 button" in shown.whole
    assert "e40 button" not in shown.text
