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
    """How a task is played."""

    task: str
    play: Play
    sight: Sight


SOLUTIONS: dict[str, Solution] = {}


def solves(*tasks: str, sight: Sight = "text") -> Callable[[Play], Play]:
    """Files a function as the solution of these tasks."""

    def file(play: Play) -> Play:
        SOLUTIONS.update({task: Solution(task, play, sight) for task in tasks})
        return play

    return file


@dataclass(frozen=True, slots=True)
class Short:
    """A page that no hand gets to 1: the reward that counts as the full one here, and why it is not 1."""

    enough: float
    why: str


SHORT = {
    "circle-center": Short(
        0.97, "events have whole pixels, and circles of radius 3 and 3.5 are compared: 1 - 0.71 / r"
    ),
    "find-midpoint": Short(0.976, "events have whole pixels: 1 where the middle is one, else up to 1 - 0.71 / 30"),
    "right-angle": Short(0.998, "events have whole pixels, and the page compares circles of radius 3 and 3.5"),
    "bisect-angle": Short(0.99, "events have whole pixels, and hardly any lies on the line"),
    "chase-circle": Short(0.9, "what passes until the first event of the pointer, and between two looks, is taken off"),
    "hover-shape": Short(
        0.8, "the page never ends; its own formula, which it does not use, is applied to what it marks"
    ),
}
"""The geometry of these pages, or their clock, does not let anybody reach 1."""
