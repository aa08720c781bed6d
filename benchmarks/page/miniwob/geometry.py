"""Points of a grid of whole pixels that come nearest to a right or halved angle."""

import math
from collections.abc import Iterable

Point = tuple[float, float]
LEFT, TOP, RIGHT, BOTTOM = 6, 56, 148, 178
"""Where such a point may be clicked."""


def perpendicular(vertex: Point, other: Point) -> Point:
    """A whole point C such that the angle other-vertex-C is as nearly right as can be.

    The page measures the clicked point half a pixel off, its radius being half a pixel smaller.
    """
    vx, vy = round(vertex[0]), round(vertex[1])
    dx, dy = round(other[0]) - vx, round(other[1]) - vy

    def off(point: Point) -> float:
        ux, uy = point[0] + 0.5 - vx, point[1] + 0.5 - vy
        return abs(ux * dx + uy * dy) / (math.hypot(ux, uy) or 1e-9) + (1e3 if math.hypot(ux, uy) < 10 else 0)

    return min(_points(), key=off)


def bisecting(vertex: Point, one: Point, other: Point) -> Point:
    """A whole point C such that the angles one-vertex-C and C-vertex-other are as nearly the same as can be."""
    vx, vy = round(vertex[0]), round(vertex[1])
    first, second = ((round(x) - vx, round(y) - vy) for x, y in (one, other))

    def off(point: Point) -> float:
        ux, uy = point[0] - vx, point[1] - vy
        if math.hypot(ux, uy) < 10:
            return 1e3
        a, b = (
            math.acos(max(-1, min(1, (ux * x + uy * y) / math.hypot(ux, uy) / math.hypot(x, y))))
            for x, y in (first, second)
        )
        return max(a, b)

    return min(_points(), key=off)


def _points() -> Iterable[Point]:
    return ((x, y) for x in range(LEFT, RIGHT) for y in range(TOP, BOTTOM))


def centre_of_area(rim: Iterable[tuple[int, int]]) -> Point:
    """The middle of what a rim encloses, row by row."""
    rows: dict[int, list[int]] = {}
    for x, y in rim:
        rows.setdefault(y, []).append(x)
    area = sum(max(xs) - min(xs) + 1 for xs in rows.values())
    return (
        sum((max(xs) - min(xs) + 1) * (max(xs) + min(xs)) / 2 for xs in rows.values()) / area,
        sum((max(xs) - min(xs) + 1) * y for y, xs in rows.items()) / area,
    )
