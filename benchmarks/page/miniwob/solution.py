"""What a solution is: a function that plays one task through a Tab, and what it had to look at."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from webhand import Tab

Sight = Literal["text", "boxes", "picture"]
"""`text`: the page's text says all that is needed; `boxes`: also where elements stand, which the text does not say;
`picture`: only pixels tell."""
Play = Callable[[Tab], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Solution:
    """How a task is played. `lacks` names the actions it uses that this version of Tab may not have yet."""

    task: str
    play: Play
    sight: Sight
    lacks: tuple[str, ...] = ()


SOLUTIONS: dict[str, Solution] = {}


def solves(*tasks: str, sight: Sight = "text", lacks: tuple[str, ...] = ()) -> Callable[[Play], Play]:
    """Files a function as the solution of these tasks."""

    def file(play: Play) -> Play:
        SOLUTIONS.update({task: Solution(task, play, sight, lacks) for task in tasks})
        return play

    return file


BEYOND = {
    "chase-circle": "the page counts the time until the pointer is first in the circle, so that it never gives 1",
    "hover-shape": "the page never ends by itself, and at its limit it gives -1",
    "draw-circle": "no action drags along a path of more than two points",
}
"""Tasks without a solution, and why."""
