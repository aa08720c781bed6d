"""How large a picture a model can use. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webhand.llm.messages import Detail


@dataclass(frozen=True, slots=True)
class PictureSize:
    """The largest picture that a model sees as it was sent; what is larger, its vendor makes smaller first.

    `edge` and `side` bound the longer and the shorter side in pixels, `patches` how many squares of `patch` pixels
    cover the picture. As it stands, what every model takes.
    """

    edge: int = 1568
    side: int | None = None
    patch: int = 28
    patches: int = 1568

    def scale(self, width: int, height: int) -> float:
        """By how much a picture of this size has to be made smaller; 1.0 where it fits."""
        long, short = max(width, height), min(width, height)
        scale = min(1.0, self.edge / long, (self.side or short) / short)
        while self._cover(width * scale, height * scale) > self.patches:
            scale *= 0.995
        return scale

    def _cover(self, width: float, height: float) -> int:
        return math.ceil(round(width) / self.patch) * math.ceil(round(height) / self.patch)


USUAL = PictureSize()
LOW = PictureSize(edge=512)
"""What OpenAI makes of a picture of low detail."""


def common_size(sizes: Sequence[PictureSize]) -> PictureSize:
    """The largest picture that all of these see as it was sent."""
    least = min(sizes, key=lambda size: size.patches * size.patch**2)
    sides = [size.side for size in sizes if size.side is not None]
    return replace(least, edge=min(size.edge for size in sizes), side=min(sides, default=None))


def picture_scale(size: PictureSize, detail: Detail, width: int, height: int) -> float:
    """By how much a view is made smaller for a model.

    `high` shows as much as the model can use, `auto` no more than costs about 1,600 tokens, `low` a thumbnail.
    """
    bounds: Mapping[Detail, tuple[PictureSize, ...]] = {"high": (size,), "auto": (size, USUAL), "low": (size, LOW)}
    return min(one.scale(width, height) for one in bounds[detail])
