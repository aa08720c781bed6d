"""A vendor that repeats the key in its errors: the key is in nothing that a run tells or keeps."""

from pathlib import Path
from typing import Any

import pytest

from tests.llm.providers.bench import DOUBLES
from tests.llm.providers.double import KEY
from tests.llm.providers.wire import Waits, Wire
from webhand import Agent, Browser, RunStore
from webhand.llm.retry import RetryPolicy


@pytest.mark.parametrize(("status", "ended"), [(401, "failed"), (503, "limit")])
async def test_events_result_and_log_hold_no_key(
    browser: Browser, tmp_path: Path, pages: str, status: int, ended: str
) -> None:
    vendor = DOUBLES["azure"]
    line = Wire()
    await line.start()
    line.will(vendor.error(status, f"no use with {KEY}", KEY))
    retry = RetryPolicy(attempts=2, sleep=Waits())
    model = vendor.kind(vendor.model, api_key=KEY, base_url=vendor.address(line.url), retry=retry, **vendor.options)
    events: list[Any] = []
    store = RunStore(tmp_path / "runs")
    try:
        agent = Agent("look around", model, browser=browser, start_url=pages, store=store, on_event=events.append)
        result = await agent.run()
    finally:
        await model.aclose()
        await line.stop()

    assert line.requests
    assert result.status == ended, result.error
    assert KEY not in repr(result) + repr(events)
    assert any("no use with ***" in repr(event) for event in events)
    kept = [file for file in (tmp_path / "runs").rglob("*") if file.is_file()]
    assert kept
    assert all(KEY.encode() not in file.read_bytes() for file in kept)
