"""How a run looks at a page: what the model is shown of it, and the picture that the record keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from webhand.agent.config import AgentConfig
from webhand.agent.history import History
from webhand.agent.stuck import Force, Stuck, page_key, stuck
from webhand.agent.vision import AGAIN, reason_for_picture
from webhand.browser import Observation, Tab
from webhand.browser.camera import take
from webhand.errors import ActionTimeout
from webhand.llm.model import Model
from webhand.llm.picture_size import picture_scale

RECORDED = 60
"""Quality of a JPEG that only people see: half the size of one that a model reads."""
AS_BEFORE = "the picture is as before"


@dataclass(frozen=True, slots=True)
class Look:
    """One look: `seen` is what the model is shown, `picture` what the record keeps of the view, shown or not.

    `page` is the same for looks that show the same, `repainted` says that only the picture has changed; `stuck` is what
    the run repeats in vain; `opened` are files that the latest step has opened and that are shown as pictures.
    """

    seen: Observation
    picture: bytes | None
    page: str = ""
    repainted: bool = False
    stuck: Stuck | None = None
    opened: tuple[Path, ...] = ()


class Eyes:
    """Looks for one run; knows the last picture that the model was shown.

    What the model can do is asked for each look anew: some learn it with their first call.
    """

    def __init__(self, config: AgentConfig, model: Model) -> None:
        self._config = config
        self._model = model
        self._sent: bytes | None = None
        self._sent_with: str | None = None
        """The text that the last picture stood beside."""

    async def look(self, tab: Tab, history: History, earlier: int = 0) -> Look:
        """What the tab shows now, with a picture where one is wanted; raises what `Tab.observe` raises.

        `earlier` is how many steps were made before the run was resumed: what they repeated is not held against it.
        """
        seen = await tab.observe()
        page = page_key(seen)
        circles = stuck(history.steps[earlier:], page, self._config.patience)
        look = self._with_opened(Look(seen, None, page, stuck=circles), history)
        if seen.dialog is not None or (seen.partial and not seen.text):  # the page stands still
            return look
        try:
            return await self._with_picture(look, tab, history)
        except ActionTimeout as error:
            return replace(look, seen=replace(seen, partial=(*seen.partial, str(error))))

    def _with_opened(self, look: Look, history: History) -> Look:
        opened = tuple(path for one in (history.steps[-1].results if history.steps else ()) for path in one.pictures)
        if not opened or self._sees:
            return replace(look, opened=opened)
        seen = replace(look.seen, notices=(*look.seen.notices, "pictures cannot be shown: you are given text only"))
        return replace(look, seen=seen)

    @property
    def _sees(self) -> bool:
        """Whether the model is shown pictures at all."""
        return self._config.vision != "never" and self._model.abilities.vision

    async def _with_picture(self, look: Look, tab: Tab, history: History) -> Look:
        seen = look.seen
        if (reason := await self._reason(look, tab, history)) is None:
            return (
                replace(look, picture=(await take(tab, quality=RECORDED)).data)
                if self._config.record_pictures
                else look
            )
        scale = tab.picture_scale
        picture = await tab.screenshot(seen, self._scale)
        if tab.picture_scale != scale:  # the text tells places in pixels of the picture
            seen = replace(await tab.observe(), notices=seen.notices)
        alike = self._sent is not None and _alike(self._sent, picture)
        repainted = not alike and seen.text == self._sent_with  # else its marks may be others too
        look, self._sent_with = replace(look, picture=picture, repainted=repainted), seen.text
        if alike and reason not in AGAIN:
            return replace(look, seen=replace(seen, notices=(*seen.notices, AS_BEFORE)))
        self._sent = picture
        return replace(look, seen=replace(seen, screenshot=picture))

    async def _reason(self, look: Look, tab: Tab, history: History) -> str | None:
        if not self._sees:
            return None
        mode = self._config.vision
        pressing = look.stuck is not None and look.stuck.force >= Force.PICTURE
        drawn = await tab.drawn_share() if mode == "auto" else 0.0
        return reason_for_picture(mode, history, look.seen, drawn, pressing)

    def _scale(self, width: int, height: int) -> float:
        return picture_scale(self._model.abilities.picture, self._config.image_detail, width, height)


def _alike(one: bytes, other: bytes) -> bool:
    from webhand.browser.picture import alike  # loads Pillow

    return alike(one, other)
