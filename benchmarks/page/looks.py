"""What our look at each bench page shows and knows, held against the page itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playwright.async_api import Frame, Page

from benchmarks.page.bench import Bench, Site
from benchmarks.page.measured import Seen
from webhand import Browser, Observation, Tab

_INSIDE = """() => {
  const words = new Set(), controls = [];
  const take = (text) => { for (const word of (text || "").split(/\\s+/)) if (word) words.add(word); };
  const walk = (node) => {
    for (const one of node.children) {
      if (/^(script|style)$/.test(one.localName)) continue;
      for (const text of one.childNodes) if (text.nodeType === 3) take(text.data);
      for (const name of ["aria-label", "alt", "title", "placeholder"]) take(one.getAttribute(name));
      if (/^(a|button|input|select|textarea)$/.test(one.localName) || one.tabIndex >= 0) {
        const named = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent;
        const box = one.getBoundingClientRect();
        const key = /^\\s*([kgx]\\d+)\\b/.exec(named);
        if (key && box.width && !one.closest("[inert]")) {
          const left = Math.max(0, box.left), top = Math.max(0, box.top);
          const right = Math.min(innerWidth, box.right), bottom = Math.min(innerHeight, box.bottom);
          controls.push({ key: key[1], left, top, right, bottom });
        }
      }
      if (one.shadowRoot) walk(one.shadowRoot);
      walk(one);
    }
  };
  walk(document.documentElement);
  return { words: [...words], controls };
}"""
"""Every word of a document, and its controls with what of them lies in the document's own view."""

_REF = re.compile(r"(?<![\w.])((?:f\d+)?e)(\d+)\b(?:…((?:f\d+)?e)(\d+)\b)?")
_EDGES = ".,;:!?()[]{}\"'|…=⏎"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a page holds: its words, and its elements by (address of the frame, key), True for those in the view."""

    words: frozenset[str]
    elements: Mapping[tuple[str, str], bool]


async def looks(bench: Bench, site: Site, pages: Sequence[str]) -> tuple[Seen, ...]:
    """Look at each page twice."""
    seen: list[Seen] = []
    async with Browser() as browser:
        tab = await browser.open()
        for page in pages:
            await tab.goto(site.page(page))
            seen.append(await _seen(bench, tab, page))
    return tuple(seen)


async def _seen(bench: Bench, tab: Tab, page: str) -> Seen:
    first = await tab.observe()
    second = await tab.observe()
    truth = await _truth(tab.page)
    whole, own, again = bench.tokens([first.text, page_words(first.text, truth.words), second.since(first)])
    refs, ranged = named(first.text)
    by_key = {(one.frame, key[1]): ref for ref, one in first.elements.items() if (key := _key(one.name))}
    in_view = [one for one, there in truth.elements.items() if there]
    return Seen(
        page=page,
        tokens=whole,
        shown=sum(ref in refs for ref in first.elements),
        beyond=whole - own,
        again=again,
        in_view=len(in_view),
        folded=sum(by_key.get(one) in ranged - refs for one in in_view),
        existing=len(truth.elements),
        unknown=tuple(f"{frame} {key}".strip() for frame, key in truth.elements if (frame, key) not in by_key),
        unshown=tuple(
            f"{frame} {key}".strip() for frame, key in in_view if by_key.get((frame, key)) not in refs | ranged
        ),
        traps=traps(first),
    )


def traps(seen: Observation) -> tuple[str, ...]:
    """Names of known elements that are hidden or inert on the page, by how the page calls them."""
    return tuple(one.name for one in seen.elements.values() if re.match(r"\s*x\d+\b", one.name))


def page_words(text: str, words: frozenset[str]) -> str:
    """Of a look's text what the page says itself, in lines as they are shown: no references, roles, signs, counts."""
    lines = (
        " ".join(word for word in line.split() if word.strip(_EDGES) in words or word in words)
        for line in text.splitlines()
    )
    return "\n".join(filter(None, lines))


def named(text: str) -> tuple[set[str], set[str]]:
    """The references that a text names one by one, and those that lie in a range such as `e5…e9`."""
    single, ranged = set[str](), set[str]()
    for found in _REF.finditer(text):
        begin, first, _, last = found.groups()
        single.add(begin + first)
        if last:
            single.add(begin + last)
            ranged |= {f"{begin}{number}" for number in range(int(first), int(last) + 1)}
    return single, ranged


def _key(name: str) -> re.Match[str] | None:
    return re.match(r"\s*([kg]\d+)\b", name)


async def _truth(page: Page) -> Truth:
    words, elements = set[str](), dict[tuple[str, str], bool]()
    size = page.viewport_size or {"width": 0, "height": 0}
    for frame in page.frames:
        left, top = await _corner(page, frame)
        found = await frame.evaluate(_INSIDE)
        words |= set(found["words"])
        for one in found["controls"]:
            if one["key"].startswith("x"):
                continue
            across = min(one["right"] + left, size["width"]) - max(one["left"] + left, 0)
            down = min(one["bottom"] + top, size["height"]) - max(one["top"] + top, 0)
            elements["" if frame == page.main_frame else frame.url, one["key"]] = across >= 1 and down >= 1
    return Truth(frozenset(words), elements)


async def _corner(page: Page, frame: Frame) -> tuple[float, float]:
    """Where a frame stands in the view of the page; far outside when it is not drawn."""
    if frame == page.main_frame:
        return 0, 0
    box = await (await frame.frame_element()).bounding_box()
    return (box["x"], box["y"]) if box else (-1e6, -1e6)
