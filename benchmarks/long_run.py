"""A run of two hundred steps: is its prompt within its budget, does the process grow, what does the loop itself take.

    WEBHAND_BENCH=folder python -m benchmarks.long_run [--steps 200] [--memory-tokens 8000] [--rule] [--cpu]

The model is a script that reads, searches and clicks through the pages of a loopback site and writes a long `memory`;
with `--rule` no model makes notes, so that old steps are left out by rule. A line for every twentieth step:

- prompt: tokens (o200k) of all text but the rules, at most in these steps; its budget is that of memory, page and task
- process: resident memory, MB, after the collector has run, without the driver and Chromium
- loop: a step's time less all in which a model is asked or a page is looked at, acted on or saved; median, worst; ms;
  with `--cpu` the processor's time of the loop's thread, which other work on the machine changes little

`WEBHAND_BENCH` is the folder of compare.py, whose tokenizer counts.
"""

import argparse
import asyncio
import gc
import inspect
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

from benchmarks.page.bench import Bench
from tests.agent.conftest import Site
from webhand import Agent, AgentConfig, RunStore, Step
from webhand.agent import eyes, run
from webhand.browser import BrowserConfig, Context, Tab
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

EVERY = 20
"""Steps of one line."""
WORDS = (
    "amber",
    "birch",
    "cobalt",
    "dune",
    "ember",
    "fjord",
    "grove",
    "heron",
    "iris",
    "jade",
    "kelp",
    "lichen",
    "moss",
)


def page(number: int) -> str:
    """A page of prose and rows that no other page has."""
    rows = "".join(
        f"<tr><td>{number}-{row}<td>{' '.join(WORDS[(number * row + i) % len(WORDS)] for i in range(9))}"
        for row in range(60)
    )
    return (
        f"<!doctype html><title>Page {number}</title><h1>Page {number}</h1>"
        f'<a href="/{number + 1}">Next page</a><table><tr><th>Number<th>Words{rows}</table>'
    )


class Clock:
    """Time in which at least one of the timed calls is under way."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.seconds = 0.0
        self._running = 0
        self._began = 0.0

    @contextmanager
    def running(self) -> Generator[None]:
        """Counts until it is left."""
        self._began = self._began if self._running else self.now()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            if not self._running:
                self.seconds += self.now() - self._began

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The coroutine function, its time counted."""

        @wraps(call)
        async def counted(*args: Any, **more: Any) -> Any:
            with self.running():
                return await call(*args, **more)

        return counted

    def on(self, *owners: Any, names: Sequence[str] = ()) -> None:
        """Time all coroutine functions of classes, or these of a module."""
        for owner in owners:
            for name in names or [name for name, one in vars(owner).items() if inspect.iscoroutinefunction(one)]:
                setattr(owner, name, self.timed(getattr(owner, name)))


class Watch:
    """What was measured of each step."""

    def __init__(self, clock: Clock) -> None:
        self.prompts: list[int] = []
        self.process: list[float] = []
        self.loop: list[float] = []
        self._clock = clock
        self._began = clock.now()
        self._elsewhere = 0.0

    def step(self, _: Step) -> None:
        """A step is at its end."""
        self.loop.append((self._clock.now() - self._began - self._clock.seconds + self._elsewhere) * 1000)
        gc.collect()
        self.process.append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6)
        self._began, self._elsewhere = self._clock.now(), self._clock.seconds

    def line(self, start: int) -> str:
        """One line of the table."""
        part = slice(start, start + EVERY)
        loop = self.loop[part]
        return (
            f"{start + 1:4} to {start + len(loop):4}  prompt {max(self.prompts[part]):6,}  process "
            f"{statistics.median(self.process[part]):6.1f}  loop {statistics.median(loop):5.2f} / {max(loop):5.2f}"
        )


def decide(number: int) -> Any:
    """The actions of one step, and a memory as long as a talkative model's."""
    memory = f"Step {number}: " + " ".join(WORDS[(number + i) % len(WORDS)] for i in range(60))
    match number % 4:
        case 0:
            actions: Any = {"read": {}}
        case 1:
            actions = {"find": {"text": WORDS[number % len(WORDS)]}}
        case _:
            actions = {"click": {"ref": by_name("Next page")}}
    return {"evaluation": "as expected", "memory": memory, "next_goal": "go on", "actions": actions}


async def measure(steps: int, memory_tokens: int, *, rule: bool = False, cpu: bool = False) -> bool:
    """Run once and print the table; whether the prompt kept to its budget and the process did not grow."""
    clock = Clock(time.thread_time if cpu else time.perf_counter)
    clock.on(Tab, Context)
    clock.on(eyes, names=["take"])
    clock.on(run, names=["standing"])
    clock.on(ScriptedModel, names=["complete"])
    watch, numbers = Watch(clock), count(1)

    def answer(messages: Sequence[Message]) -> Any:
        number = next(numbers)
        text = "\n".join(message.text for message in messages if message.role != "system")
        (prompts / str(number)).write_text(text)  # not kept: the process's memory is measured
        model.prompts.clear()  # the script keeps them; a vendor's model does not
        return decide(number) if number < steps else {"done": {"answer": "read"}}

    model = ScriptedModel(
        [answer] * steps, others=None if rule else (lambda *_: '{"notes": "' + "pages were read; " * 40 + '"}')
    )
    config = AgentConfig(max_steps=steps + 1, memory_tokens=memory_tokens, after_step=watch.step)
    site = Site()
    site.pages = {f"/{number}": page(number) for number in range(1, steps + 1)}
    with tempfile.TemporaryDirectory() as folder, closing(site), RunStore(Path(folder, "store")) as store:
        (prompts := Path(folder, "prompts")).mkdir()
        start = f"{site.url}1"
        agent = Agent("Read all pages", model, browser=BrowserConfig(), start_url=start, store=store, config=config)
        result = await agent.run()
        texts_budget = BrowserConfig().text_tokens
        texts = [(prompts / str(number)).read_text() for number in range(1, steps + 1)]
    assert result.status == "done", result.error or result.limit
    watch.prompts = Bench().tokens(texts)
    for start in range(0, steps, EVERY):
        print(watch.line(start))
    budget = memory_tokens + texts_budget + 500
    most, after = max(watch.prompts), watch.process[EVERY:]
    growth = statistics.median(after[-EVERY:]) - statistics.median(after[:EVERY])
    late = statistics.quantiles(watch.loop, n=20)[-1]
    print(f"prompt at most {most:,} of {budget:,}; process grew by {growth:.1f} MB after step {EVERY}")
    print(f"loop {statistics.median(watch.loop):.2f} ms a step (median), {late:.2f} at 95 %")
    return most <= budget


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--memory-tokens", type=int, default=8000)
    parser.add_argument("--rule", action="store_true")
    parser.add_argument("--cpu", action="store_true")
    given = parser.parse_args()
    sys.exit(not asyncio.run(measure(given.steps, given.memory_tokens, rule=given.rule, cpu=given.cpu)))
