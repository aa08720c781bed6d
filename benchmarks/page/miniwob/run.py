"""Plays every MiniWoB++ task by hand, through the same Tab that an agent gets, and says what was reached.

    python -m benchmarks.page.miniwob.run [--seeds 1,2,3] [--only task,task] [--skill drag] [--errors]

A solution sees what a model sees (an observation, with its picture if it asks) and acts by the methods of Tab alone.
A task counts when every seed ends with the page's full reward. The column after it says what had to be looked at:
`text`; `boxes`, where elements stand or what tag they have, which the text does not say; `picture`.

The pages and the verdict come from a folder beside the project (`ENVS`, by default ../shared/envs) and the wheel
`miniwob==1.1.0` (`MINIWOB_HTML`: its folder `html`). Without them nothing is measured, and that is said. Pictures are
read with Pillow; letters in drawings are compared with the font Liberation Sans.
"""

import argparse
import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.page.miniwob import (  # noqa: F401 - each files its solutions when it is imported
    dates_numbers,
    dragging,
    forms_orders,
    icons_grids,
    lists_scrolling,
    moving,
    plain_clicks,
    shapes,
    tabs_menus_trees,
    text_fields,
)
from benchmarks.page.miniwob.solution import SHORT, SOLUTIONS, Solution
from webhand import Browser, BrowserConfig

ENVS = Path(os.environ.get("ENVS", Path(__file__).parents[4] / "shared" / "envs"))
PLAY_LIMIT = 90.0
"""Seconds that one episode may take."""
REPORT_LIMIT = 2.0
"""Seconds in which a page that is done reports its reward."""
SELF_ENDING = {"moving-items": 12.0, "chase-circle": 12.0}
"""Seconds until a page that ends by itself has ended."""
UNENDING = {
    "hover-shape": """() => {
        window.watched = [0, 0];
        setInterval(() => {
            watched[0]++;
            watched[1] += document.querySelector("#highlight")?.hasAttribute("data-hover") ? 1 : 0;
        }, 33);
    }"""
}
"""Pages that never end: how often, of how many times, they mark that what was asked for is done."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One episode: the reward, in words what hindered, seconds."""

    reward: float
    done: bool
    problem: str
    seconds: float

    def reaches(self, enough: float) -> bool:
        """Whether the page ended with such a reward."""
        return self.done and self.reward >= enough


def environment() -> Any:
    """The module that serves the pages; ends the run with a sentence when something is missing."""
    sys.path.insert(0, str(ENVS))
    try:
        import miniwob_env

        miniwob_env.html_root()
    except (ImportError, FileNotFoundError) as missing:
        sys.exit(f"nothing measured: {missing}. Set ENVS to the folder of miniwob_env.py, MINIWOB_HTML to the pages.")
    return miniwob_env


async def attempt(server: Any, browser: Browser, solution: Solution, seed: int) -> Attempt:
    """Play one task once, in a tab of its own."""
    address = server.episode(solution.task, seed)
    began = time.monotonic()
    problem = ""
    tab = await browser.open()
    try:
        async with asyncio.timeout(PLAY_LIMIT):
            await tab.goto(address)
            if solution.task in UNENDING:
                await tab.page.evaluate(UNENDING[solution.task])
            await solution.play(tab)
    except Exception as error:  # whatever a solution meets is a line of the table
        problem = f"{type(error).__name__}: {error}"
    if solution.task in UNENDING and not problem:
        times, marked = await tab.page.evaluate("watched")
        await tab.close()
        return Attempt(1 - 2 * (1 - marked / times), True, "", time.monotonic() - began)
    result = await verdict(server, address, 0.2 if problem else SELF_ENDING.get(solution.task, REPORT_LIMIT))
    await tab.close()
    if not problem and not result.done:
        problem = "the page does not say that it is done"
    return Attempt(result.raw_reward, result.done, problem, time.monotonic() - began)


async def verdict(server: Any, address: str, limit: float) -> Any:
    """How the episode ended, after at most `limit` seconds."""
    until = time.monotonic() + limit
    result = server.result(address)
    while not result.done and time.monotonic() < until:
        await asyncio.sleep(0.02)
        result = server.result(address)
    return result


def say(solution: Solution, attempts: list[Attempt], long: bool) -> None:
    """One line of the table."""
    solved = sum(one.reaches(1) for one in attempts)
    wrong = next((f"{one.problem} reward {one.reward:.4g}" for one in attempts if not one.reaches(1)), "")
    cut = wrong.strip() if long else wrong.strip().split("\n")[0][:110]
    mean = sum(one.seconds for one in attempts) / len(attempts)
    print(
        f"| {solution.task:28} | {solved} of {len(attempts)} | {solution.sight:7} | {mean:4.1f} s | {cut}",
        flush=True,
    )


async def main(only: list[str], skill: str, seeds: list[int], long: bool) -> int:
    """Play the tasks and print the table; 1 when some were not solved."""
    env = environment()
    tasks = only or [task for task in env.list_tasks() if skill in ("", env.skill_of(task))]
    solved: list[Solution] = []
    near: dict[str, float] = {}
    async with env.MiniwobServer() as server, Browser(BrowserConfig(viewport=(500, 320))) as browser:
        for solution in (SOLUTIONS[task] for task in tasks if task in SOLUTIONS):
            attempts = [await attempt(server, browser, solution, seed) for seed in seeds]
            say(solution, attempts, long)
            least = min(one.reward for one in attempts)
            if all(one.reaches(1) for one in attempts):
                solved.append(solution)
            elif solution.task in SHORT and all(one.reaches(SHORT[solution.task].enough) for one in attempts):
                near[solution.task] = least
    print(f"\n{len(solved)} of {len(tasks)} tasks reach reward 1 with each of {len(seeds)} seeds")
    for sight in ("text", "boxes", "picture"):
        print(f"  {sum(one.sight == sight for one in solved)} of them by {sight}")
    for task, least in near.items():
        print(f"as far as the page lets anybody: {task}, {least:.4g} at least: {SHORT[task].why}")
    for task in set(tasks) - {one.task for one in solved} - set(near):
        print(f"not solved: {task}" + ("" if task in SOLUTIONS else ": no solution is written"))
    return len(solved) + len(near) < len(tasks)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--only", default="", help="tasks, with commas between them")
    parser.add_argument("--skill", default="", help="the tasks filed under one skill")
    parser.add_argument("--errors", action="store_true", help="print what went wrong in full")
    given = parser.parse_args()
    chosen = [task for task in given.only.split(",") if task]
    sys.exit(asyncio.run(main(chosen, given.skill, [int(one) for one in given.seeds.split(",")], given.errors)))
