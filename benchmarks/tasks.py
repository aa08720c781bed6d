"""Tasks on real applications and MiniWoB++ pages, done by an agent; each is judged by the application's own data.

    python -m benchmarks.tasks --model NAME [--base-url URL] [--ids a,b] [--env djadmin] [--json FILE]

`ENVS` is the folder of tasks.json and the applications (by default ../shared/envs), which have to run:
`python envctl.py start djadmin nodered` there; for MiniWoB++ the wheel `miniwob==1.1.0` (`MINIWOB_HTML`: its folder
`html`). With `--base-url` the model may be a person: a server that speaks OpenAI's dialect and shows what it is asked.
A line says whether the task was solved, how many steps and prompt tokens it took, and what failed.
"""

import argparse
import asyncio
import contextlib
import importlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.page.miniwob.run import environment
from webhand import Agent, AgentConfig, Result
from webhand.llm import Model, get_model

PAGE_LIMIT = 2.0
"""Seconds in which a page reports how its episode ended."""
WRITE_LIMIT = 3.0
"""Seconds after which an application has written what was done."""

ASKED_EVERY = 0.2
"""Seconds between two looks at the data."""


@dataclass(frozen=True, slots=True)
class Row:
    """How one task went; `failed` counts actions that ended with an error."""

    id: str
    solved: bool
    why: str
    steps: int
    prompt_tokens: int
    actions: int
    failed: int
    seconds: float
    status: str
    answer: str


def tasks(wanted: list[str], env: str) -> list[dict[str, Any]]:
    """The tasks of these names, or all of an application."""
    listed = importlib.import_module("checks").load_tasks("dev")
    return [one for one in listed if (not wanted or one["id"] in wanted) and env in ("", one["env"])]


async def attempt(task: dict[str, Any], model: Model, server: Any, most: int) -> Row:
    """Let an agent do one task on an application as it was at first."""
    if task["env"] == "miniwob":
        address = server.episode(task["start_url"].removeprefix("miniwob:"), task["seed"])
    else:
        importlib.import_module(f"{task['env']}.app").reset()
        address = task["start_url"]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        config = AgentConfig(max_steps=most, workspace=Path(folder))
        result = await Agent(task["goal"], model, start_url=address, config=config, store=False).run()
        seconds = time.monotonic() - began
        solved, why = await judged(task, address, server, result.answer or "", Path(folder))
    return row(task["id"], result, solved, why, seconds)


def row(name: str, result: Result[Any], solved: bool, why: str, seconds: float) -> Row:
    """The line of a task."""
    done = [one for step in result.steps for one in step.results]
    return Row(
        id=name,
        solved=solved,
        why=why or result.error or "",
        steps=len(result.steps),
        prompt_tokens=result.usage.prompt or 0,
        actions=len(done),
        failed=sum(not one.ok for one in done),
        seconds=round(seconds, 1),
        status=result.status,
        answer=result.answer or "",
    )


async def judged(task: dict[str, Any], address: str, server: Any, answer: str, folder: Path) -> tuple[bool, str]:
    """Whether the page or the application's data say that it is done, and why not; asked until they had the time."""
    if task["env"] == "miniwob":

        def ask() -> tuple[bool, str]:
            result = server.result(address)
            return result.success, f"reward {result.raw_reward}" if result.done else "the episode did not end"

        return await until(ask, PAGE_LIMIT)
    verify: Callable[..., tuple[bool, str]] = importlib.import_module("checks").verify
    return await until(lambda: verify(task, answer, folder), WRITE_LIMIT)


async def until(ask: Callable[[], tuple[bool, str]], limit: float) -> tuple[bool, str]:
    """The first yes, else the last answer within the limit."""
    said = ask()
    for _ in range(int(limit / ASKED_EVERY)):
        if said[0]:
            return True, ""
        await asyncio.sleep(ASKED_EVERY)
        said = ask()
    return said


async def main(given: argparse.Namespace) -> int:
    """Do the tasks one after the other and print the table; 1 when one was not solved."""
    env = environment()
    model = get_model(given.model, base_url=given.base_url, timeout=given.timeout)
    rows: list[Row] = []
    print(f"{'task':27} solved steps tokens actions failed")
    async with env.MiniwobServer() as server, contextlib.aclosing(model):
        for task in tasks([one for one in given.ids.split(",") if one], given.env):
            rows.append(one := await attempt(task, model, server, given.steps))
            told = f"{one.id:27} {'yes' if one.solved else 'NO':6} {one.steps:5} {one.prompt_tokens:6,}"
            print(f"{told} {one.actions:7} {one.failed:6} {one.seconds:6.1f} s {one.status} {one.why}", flush=True)
            if given.json:
                given.json.write_text(json.dumps([asdict(one) for one in rows], indent=1))
    solved, tokens = sum(one.solved for one in rows), sum(one.prompt_tokens for one in rows)
    print(f"{solved} of {len(rows)} solved, {tokens / max(1, len(rows)):,.0f} prompt tokens a task")
    return solved < len(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="compatible/hand")
    parser.add_argument("--base-url", default=None)
    parser.add_argument("--ids", default="", help="tasks, with commas between them")
    parser.add_argument("--env", default="", help="the tasks of one application")
    parser.add_argument("--steps", type=int, default=30, help="steps that a task may take")
    parser.add_argument("--timeout", type=float, default=3600.0, help="seconds that a model may take to answer")
    parser.add_argument("--json", type=Path, default=None, help="written after every task")
    sys.exit(asyncio.run(main(parser.parse_args())))
