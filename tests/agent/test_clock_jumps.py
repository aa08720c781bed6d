"""A wall clock that jumps by hours: nothing is timed by it, nothing is ordered by it, no secret is lost by it."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Self

import pytest

from tests.agent.conftest import Site, done
from webhand import Agent, AgentConfig, Browser, Event, RunStore, Secret
from webhand.agent.recall import recall
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class WallClock:
    """The machine's wall clock, which somebody puts forward and back."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._time = time.time

    def time(self) -> float:
        return self._time() + self.ahead


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    wall = WallClock()

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(wall.time(), tz)

    monkeypatch.setattr("time.time", wall.time)
    for module in ("webhand.store.run_log", "webhand.store.run_store"):
        monkeypatch.setattr(f"{module}.datetime", Jumping)
    return wall


@pytest.mark.parametrize("hours", [-30, 30])
async def test_a_run_goes_on_and_is_resumed_whatever_the_wall_clock_says(
    hours: int, wall: WallClock, site: Site, browser: Browser, store: RunStore
) -> None:
    def jumping(_: Sequence[Message]) -> Any:
        wall.ahead += hours * 3600
        return {"reload": {}}

    def stopping(_: Sequence[Message]) -> Any:
        agent.stop()
        return {"reload": {}}

    config = AgentConfig(max_seconds=600)
    model = ScriptedModel([jumping, {"reload": {}}, stopping])
    agent = Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store)
    first = await agent.run()
    assert (first.status, len(first.steps)) == ("stopped", 3)
    wall.ahead += hours * 3600
    result = await Agent.resume("last", ScriptedModel([jumping, done()]), browser=browser, store=store)
    assert (result.run_id, result.status, len(result.steps)) == (first.run_id, "done", 5)
    assert all(0 <= step.seconds < 600 for step in result.steps)
    assert 0 < result.seconds < 600
    events = store.events("last")
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [event.type for event in events][:: len(events) - 1] == ["run.started", "run.ended"]
    with store.create("Look again", {}) as log:
        assert [run.id for run in store.runs()] == [log.run_id, first.run_id], "the newest first"


def typed(begin: datetime, end: datetime | None, seconds: float) -> list[Event]:
    """The events of an action that used a code, and took so long."""
    began = Event(run_id="r", seq=1, at=begin, type="action.started", data={"arguments": {"text": "<secret:code>"}})
    ended = [Event(run_id="r", seq=2, at=end, type="action.finished", data={"seconds": seconds})] if end else []
    return [began, *ended]


def codes(*moments: datetime) -> set[str]:
    secret = Secret.totp(KEY)
    assert secret.totp_codes is not None
    return {code for at in moments for code in secret.totp_codes.between(at.timestamp(), at.timestamp())}


@pytest.mark.parametrize(
    "jump", [timedelta(0), timedelta(hours=-5), timedelta(hours=5), timedelta(days=20000)], ids=str
)
async def test_codes_are_known_again_though_the_clock_jumped_while_they_were_typed(jump: timedelta) -> None:
    secret = Secret.totp(KEY)
    took = timedelta(seconds=20)
    before = [START - jump, START - jump + took]
    after = [START, START + took]
    await recall({"code": secret}, typed(before[0], after[1], 20.0))
    assert codes(*before, *after) <= set(secret.known), "it was typed before the jump or after it"
    assert len(secret.known) < 10, "not those of all the time between"


async def test_codes_of_an_action_that_never_finished_are_known_again() -> None:
    secret = Secret.totp(KEY)
    await recall({"code": secret}, typed(START, None, 0.0))
    assert codes(START, START + timedelta(minutes=4)) <= set(secret.known)
