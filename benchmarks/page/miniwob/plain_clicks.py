"""Buttons, links, boxes and dialogs: one click after the other."""

import re
import time

from benchmarks.page.miniwob.page import click, every, named, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Tab

ALIKE = """big large huge enormous gigantic; small tiny little mini petite; red scarlet crimson vermillion;
happy cheerful joyful gleeful delighted; sad unhappy sorrowful miserable tragic; angry mad furious irritated;
evil wicked immoral sinful corrupt depraved; wrong incorrect mistaken erroneous; real genuine actual;
strange odd peculiar unusual weird; stop cease halt end finish; scared terrified panicked fearful frightened afraid;
quiet calm peaceful serene mild; old aged archaic; love like adore favor; kill murder assassinate;
keep retain preserve sustain maintain; hide conceal camouflage; hate despise loathe detest dislike;
funny humorous amusing comical laughable; fat fleshy plump chubby; stupid dumb dull unwise;
delicious savory delectable appetizing; cut slice carve chop; brave courageous fearless; begin start initiate launch;
answer reply response; television televisions TV TVs; house home houses homes; fire flame fires flames;
pig pork swine; rabbit rabbits bunny bunnies; car cars automobile automobiles vehicle vehicles; water"""
"""What a model knows about words: those between two semicolons mean the same."""


@solves("click-button", "unicode-test")
async def press_the_named_button(tab: Tab) -> None:
    await tab.click(named(seen := await tab.observe(), quoted(seen)[0], "button"))


@solves("click-test")
async def press_the_only_button(tab: Tab) -> None:
    await tab.click(every(await tab.observe(), "button")[0].ref)


@solves("click-test-2", "click-test-transfer")
async def press_one_of_two(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(named(seen, words(seen, r"button (\w+)\.")[0], "button"))


@solves("click-button-sequence")
async def press_one_after_the_other(tab: Tab) -> None:
    await click(tab, "ONE")
    await click(tab, "TWO")


@solves("button-delay")
async def press_wait_press(tab: Tab) -> None:
    seen = await tab.observe()
    second = named(seen, "TWO")
    began = time.monotonic()
    await tab.click(named(seen, "ONE"))
    spent = time.monotonic() - began  # a click returns when the page is quiet, which is told to the model in seconds
    await tab.wait(float(words(seen, r"wait (\d+) seconds")[0]) - spent)
    await tab.click(second)


@solves("click-link")
async def follow_the_link(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(named(seen, quoted(seen)[0]))


@solves("click-dialog")
async def close_the_dialog(tab: Tab) -> None:
    await click(tab, "Close", "button")


@solves("click-dialog-2")
async def press_a_button_of_the_dialog(tab: Tab) -> None:
    name = quoted(await tab.observe())[0]
    await click(tab, "Close" if name == "x" else name, "button")


@solves("click-widget")
async def click_a_kind_of_widget(tab: Tab) -> None:
    seen = await tab.observe()
    kind = quoted(seen)[0]
    begin = {"text": "textbox", "radio": "(", "checkbox": "["}.get(kind, kind)
    await tab.click(words(seen, rf"(?m)^(e\d+) {re.escape(begin)}")[0])


@solves("click-checkboxes", "click-checkboxes-large", "click-checkboxes-transfer", "click-option")
async def tick_the_named_boxes(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = words(seen, r"Select (.*) and click Submit")[0].split(", ")
    for element in seen.elements.values():
        if element.role in ("checkbox", "radio") and element.name in wanted:
            await tab.check(element.ref)
    await submit(tab)


@solves("click-checkboxes-soft")
async def tick_what_means_the_same(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = set(words(seen, r"similar to (.*) and click Submit")[0].split(", "))
    alike = [set(group.split()) for group in ALIKE.split(";")]
    for element in every(seen, "checkbox"):
        if any(element.name in group and wanted & group for group in alike):
            await tab.check(element.ref)
    await submit(tab)


@solves("focus-text")
async def focus_the_field(tab: Tab) -> None:
    await tab.click(every(await tab.observe(), "textbox")[0].ref)


@solves("focus-text-2")
async def focus_the_nth_field(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(every(seen, "textbox")[int(words(seen, r"the (\d)")[0]) - 1].ref)


@solves("odd-or-even")
async def mark_odd_or_even(tab: Tab) -> None:
    seen = await tab.observe()
    for odd, number, even in re.findall(r"(e\d+) button Odd\n(-?\d+)\n(e\d+) button Even", seen.text):
        await tab.click(odd if int(number) % 2 else even)
    await submit(tab)


@solves("generate-number")
async def generate_until_it_fits(tab: Tab) -> None:
    seen = await tab.observe()
    kind, limit = words(seen, r"Generate an? (odd|even|number (?:greater|less) than (\d+))")
    for _ in range(60):
        seen = await click(tab, "Generate", "button")
        number = int(seen.text.split("\n")[1])
        if _fits(number, kind, int(limit or 0)):
            return await submit(tab)
    raise LookupError("no number fitted")


def _fits(number: int, kind: str, limit: int) -> bool:
    if kind in ("odd", "even"):
        return (number % 2 == 1) == (kind == "odd")
    return number > limit if "greater" in kind else number < limit


@solves("find-greatest")
async def pick_the_greatest_card(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(max(every(seen, "clickable"), key=lambda one: int(one.name)).ref)
    await submit(tab)
