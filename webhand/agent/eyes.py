"""How a run looks at a page: what the model is shown of it, and the picture that the record keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace

from webhand.agent.config import AgentConfig
from webhand.agent.history import History
from webhand.agent.vision import AGAIN, reason_for_picture
from webhand.browser import Observation, Tab
from webhand.browser.camera import take
from webhand.errors import ActionTimeout
from webhand.llm.model import Abilities
from webhand.llm.picture_size import picture_scale

RECORDED = 60
"""Quality of a JPEG that only people see: half the size of one that a model reads."""
AS_BEFORE = "the picture is as before"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: `seen` is what the model is shown, `picture` what the record keeps of the view, shown or not."""

    seen: Observation
    picture: bytes | None


class Eyes:
    """Looks for one run; knows the last picture that the model was shown."""

    def __init__(self, config: AgentConfig, abilities: Abilities) -> None:
        self._config = config
        self._abilities = abilities
        self._sent: bytes | None = None

    async def look(self, tab: Tab, history: History) -> Look:
        """What the tab shows now, with a picture where one is wanted; raises what `Tab.observe` raises."""
        seen = await tab.observe()
        if seen.dialog is not None or (seen.partial and not seen.text):  # the page stands still
            return Look(seen, None)
        try:
            if (reason := await self._reason(tab, history, seen)) is None:
                return Look(seen, (await take(tab, quality=RECORDED)).data if self._config.record_pictures else None)
            picture = await tab.screenshot(seen, self._scale)
        except ActionTimeout as error:
            return Look(replace(seen, partial=(*seen.partial, str(error))), None)
        if self._sent is not None and reason not in AGAIN and _alike(self._sent, picture):
            return Look(replace(seen, notices=(*seen.notices, AS_BEFORE)), picture)
        self._sent = picture
        return Look(replace(seen, screenshot=picture), picture)

    async def _reason(self, tab: Tab, history: History, seen: Observation) -> str | None:
        mode = self._config.vision
        if mode == "never" or not self._abilities.vision:
            return None
        return reason_for_picture(mode, history, seen, await tab.drawn_share() if mode == "auto" else 0.0)

    def _scale(self, width: int, height: int) -> float:
        return picture_scale(self._abilities.picture, self._config.image_detail, width, height)


def _alike(one: bytes, other: bytes) -> bool:
    from webhand.browser.picture import alike  # loads Pillow

    return alike(one, other)
