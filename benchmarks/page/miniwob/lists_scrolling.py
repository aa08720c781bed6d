"""Lists, scrolling, copying and selecting text."""

import re

from benchmarks.page.miniwob.page import every, first, goal, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Tab


@solves("choose-list")
async def choose_one(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.select(every(seen, "combobox")[0].ref, [words(seen, r"Select (.+) from the list")[0]])
    await submit(tab)


@solves("click-scroll-list")
async def choose_several(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.select(every(seen, "listbox")[0].ref, words(seen, r"Select (.+) from the scroll list")[0].split(", "))
    await submit(tab)


@solves("form-sequence-3")
async def choose_in_a_custom_list(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.select(every(seen, "clickable")[0].ref, [words(seen, r"Choose (.+) from the dropdown")[0]])
    await submit(tab, quoted(seen)[0])


@solves("copy-paste")
async def copy_text(tab: Tab) -> None:
    fields = every(await tab.observe(), "textbox")
    await _copy(tab, 0 if fields[0].value else 1)


@solves("copy-paste-2")
async def copy_the_nth_text(tab: Tab) -> None:
    await _copy(tab, int(words(await tab.observe(), r"the (\d)\w\w text area")[0]) - 1)


async def _copy(tab: Tab, number: int) -> None:
    """By the keyboard, as a person does; a field holds more than the text shows."""
    fields = every(await tab.observe(), "textbox")
    await tab.press("Control+A", fields[number].ref)
    await tab.press("Control+C")
    await tab.press("Control+V", next(one.ref for one in reversed(fields) if not one.value))
    await submit(tab)


@solves("scroll-text")
async def type_the_last_word(tab: Tab) -> None:
    area, field = every(await tab.observe(), "textbox")
    text = (await tab.read(area.ref)).value or ""
    await tab.type(field.ref, text.split()[-1].strip(".,"))
    await submit(tab)


@solves("scroll-text-2")
async def scroll_a_text(tab: Tab) -> None:
    seen = await tab.observe()
    where = words(seen, r"to the (bottom|top)")[0]
    await tab.scroll("bottom" if where == "bottom" else "top", ref=every(seen, "textbox")[0].ref)
    await submit(tab)


@solves("sign-agreement")
async def read_and_sign(tab: Tab) -> None:
    seen = await tab.observe()
    if not quoted(seen):
        return await submit(tab, "Cancel")
    name, button = quoted(seen)
    await tab.scroll("bottom", ref=every(seen, "textbox")[0].ref)
    await tab.type(every(seen, "textbox")[1].ref, name)
    await submit(tab, button)


@solves("highlight-text", "highlight-text-2")
async def highlight_a_paragraph(tab: Tab) -> None:
    seen = await tab.observe()
    nth = re.search(r"the (\d)\w\w paragraph", goal(seen))
    paragraphs = [line for line in seen.text.split("\n")[1:] if not re.match(r"e\d+ button", line)]
    await tab.select_text(paragraphs[int(nth[1]) - 1 if nth else 0])
    await submit(tab)


@solves("text-editor")
async def style_a_text(tab: Tab) -> None:
    """Styles by keys; the squares of the palette have no names, but colours."""
    seen = await tab.observe()
    text = every(seen, "textbox")[0].ref
    word = words(seen, r"give the text (\S+) the")[0] if "give the text" in goal(seen) else ""
    await tab.select_text(word, text)
    style = next(
        (key for name, key in (("bold", "b"), ("italics", "i"), ("underlined", "u")) if f"style {name}" in goal(seen)),
        None,
    )
    if style:
        await tab.press(f"Control+{style}")
    else:
        colour = words(seen, r"the color (\w+)")[0]
        await tab.click(every(seen, "clickable")[0].ref)
        squares = every(await tab.observe(), "clickable")[1:]
        await tab.click(first(squares, lambda one: one.in_view and colour in one.drawn))
    await submit(tab)
