"""When a run has to end: one table."""

from dataclasses import replace
from decimal import Decimal

import pytest

from webhand import AgentConfig, Decision, Step
from webhand.agent.history import History, Notes, Seen
from webhand.agent.limits import failures_in_a_row, notes, reached
from webhand.controller import ActionCall, ActionResult
from webhand.llm.model import Usage

GOOD = ActionResult(action="click", ok=True, text="clicked")
BAD = ActionResult(action="click", ok=False, text="covered", error="NotInteractable")
LATE = ActionResult(action="wait", ok=False, text="it is not so", error="ActionTimeout")
CALLED = Decision(actions=(ActionCall(action="click"),))


def steps(pattern: str, usage: Usage | None = None, cost: str | None = None) -> History:
    """One step for each letter: good, bad, mixed (a good action before the bad one), error, waited in vain."""
    results = {"g": (GOOD,), "w": (LATE,), "b": (BAD,), "m": (GOOD, BAD), "e": ()}
    made = [
        Step(
            number=number,
            decision=None if letter == "e" else CALLED,
            results=results[letter],
            error="OutputInvalid: no" if letter == "e" else None,
            usage=usage or Usage(),
            cost=None if cost is None else Decimal(cost),
        )
        for number, letter in enumerate(pattern, 1)
    ]
    return History("t", tuple(made))


LAST = "this is the last step: end with done and report what you have"
TIGHT = AgentConfig(max_steps=1, max_seconds=1, max_tokens=1, max_cost=1, max_failures=1)
SMALL, LARGE = Usage(prompt=300, completion=99), Usage(prompt=300, completion=100)
TABLE: list[tuple[str, AgentConfig, History, float, str | None]] = [
    ("a new run", TIGHT, steps(""), 0, None),
    ("steps left", AgentConfig(max_steps=3), steps("gg"), 0, None),
    ("no steps left", AgentConfig(max_steps=3), steps("ggg"), 0, "max_steps: 3 steps"),
    ("time left", AgentConfig(max_seconds=9.5), steps("g"), 9.4, None),
    ("no time left", AgentConfig(max_seconds=9.5), steps("g"), 9.5, "max_seconds: 9.5 s"),
    ("no time limit", AgentConfig(), steps("g"), 1e9, None),
    ("tokens left", AgentConfig(max_tokens=1200), steps("ggg", SMALL), 0, None),
    ("no tokens left", AgentConfig(max_tokens=1200), steps("ggg", LARGE), 0, "max_tokens: 1,200 tokens"),
    ("tokens unknown", AgentConfig(max_tokens=1), steps("ggg"), 0, None),
    ("answers unknown", AgentConfig(max_tokens=900), steps("ggg", Usage(prompt=300)), 0, "max_tokens: 900 tokens"),
    ("money left", AgentConfig(max_cost=0.05), steps("gg", Usage(prompt=1), "0.02"), 0, None),
    ("no money left", AgentConfig(max_cost=0.04), steps("gg", Usage(prompt=1), "0.02"), 0, "max_cost: US$ 0.04"),
    ("prices unknown", AgentConfig(max_cost=0.01), steps("gg", Usage(prompt=1)), 0, None),
    ("failures left", AgentConfig(max_failures=3), steps("gbe"), 0, None),
    ("no failures left", AgentConfig(max_failures=3), steps("gbme"), 0, "max_failures: 3 failed steps in a row"),
    ("texts that do not come", AgentConfig(max_failures=1), steps("www"), 0, None),
    ("failures forgiven", AgentConfig(max_failures=2), steps("bgbgb"), 0, None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "history", "seconds", "limit"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_limit_that_is_reached(config: AgentConfig, history: History, seconds: float, limit: str | None) -> None:
    assert reached(history, config, seconds) == limit


@pytest.mark.parametrize(
    ("pattern", "count"), [("", 0), ("g", 0), ("b", 1), ("bg", 0), ("gbb", 2), ("bgem", 2), ("ebm", 3)]
)
def test_failures_are_counted_from_the_end(pattern: str, count: int) -> None:
    assert failures_in_a_row(steps(pattern)) == count


def test_failures_from_before_a_run_was_resumed_do_not_count() -> None:
    assert failures_in_a_row(steps("gbbb"), 4) == 0
    assert failures_in_a_row(steps("gbbbb"), 4) == 1
    assert reached(steps("gbbb"), AgentConfig(max_failures=3), 0, 4) is None


def test_the_sums_of_a_history() -> None:
    one = steps("gg", Usage(prompt=10, cached=4, completion=2), "0.10")
    assert one.usage == Usage(prompt=20, cached=8, completion=4)
    assert one.cost == Decimal("0.20")
    assert one.add(Step(number=3, error="OutputInvalid: no")).cost == Decimal("0.20"), (
        "a call that failed is not counted"
    )
    unknown = one.add(Step(number=3, usage=Usage(prompt=1)))
    assert unknown.cost is None, "a sum with an unknown part is unknown, not smaller"
    assert steps("").cost is None
    assert [history.done for history in (steps(""), one, ended(ok=True), ended(ok=False))] == [
        False,
        False,
        True,
        False,
    ]


def test_a_history_that_grows_is_counted_as_one_that_is_read_from_its_log() -> None:
    one = steps("")
    for number, letter in enumerate("gbgemg", 1):
        added = steps(letter, Usage(prompt=number) if letter != "e" else Usage(), "0.10").steps[0]
        seen = Seen(url=f"https://shop{number % 2}.example/{number}", title="", tokens=1, elements=1)
        noted = Notes(upto=1, text="noted") if number == 3 else None
        one = one.add(added.model_copy(update={"number": number, "observation": seen, "notes": noted}))
        one = replace(one, told=(*one.told, "go on"))
        assert one.tally == History("t", one.steps).tally
    assert one.tally.sites == {"https://shop0.example", "https://shop1.example"}
    assert one.notes == Notes(upto=1, text="noted")


def ended(*, ok: bool) -> History:
    result = ActionResult(action="done", ok=ok, text="x", ends="run")
    return History("t", (Step(number=1, decision=CALLED, results=(result,)),))


NOTES: list[tuple[str, AgentConfig, History, float, list[str]]] = [
    ("no limit near", AgentConfig(max_steps=10), steps("g" * 7), 0, []),
    ("three quarters of the steps", AgentConfig(max_steps=8), steps("g" * 6), 0, ["2 steps left of 8 steps"]),
    ("one step left", AgentConfig(max_steps=8), steps("g" * 7), 0, [LAST]),
    ("the only step", AgentConfig(max_steps=1), steps(""), 0, [LAST]),
    ("most of the time", AgentConfig(max_seconds=60), steps("g" * 9), 45, ["15 s left of 60 s"]),
    ("no time for two steps", AgentConfig(max_seconds=60), steps("ggg"), 45, [LAST]),
    ("most tokens", AgentConfig(max_tokens=5000), steps("g" * 10, LARGE), 0, ["1,000 tokens left of 5,000 tokens"]),
    ("most money", AgentConfig(max_cost=0.2), steps("g" * 8, SMALL, "0.02"), 0, ["US$ 0.04 left of US$ 0.2"]),
]


@pytest.mark.parametrize(
    ("config", "history", "seconds", "told"), [row[1:] for row in NOTES], ids=[row[0] for row in NOTES]
)
def test_what_is_told_of_limits(config: AgentConfig, history: History, seconds: float, told: list[str]) -> None:
    assert list(notes(history, config, seconds)) == told
