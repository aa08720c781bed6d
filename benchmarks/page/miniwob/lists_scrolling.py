"""Lists, scrolling, copying and selecting text."""

from benchmarks.page.miniwob.page import every, first, goal, named, quoted, submit, words
from benchmarks.page.miniwob.picture import VIEW, blobs, colour_at, hue_of
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
    await tab.select(every(seen, "combobox")[0].ref, [words(seen, r"Choose (.+) from the dropdown")[0]])
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


@solves("highlight-text", sight="picture", lacks=("drag_at",))
async def highlight_a_paragraph(tab: Tab) -> None:
    await _highlight(tab, 0)


@solves("highlight-text-2", sight="picture", lacks=("drag_at",))
async def highlight_the_nth_paragraph(tab: Tab) -> None:
    await _highlight(tab, int(words(await tab.observe(), r"the (\d)\w\w paragraph")[0]) - 1)


async def _highlight(tab: Tab, number: int) -> None:
    """From before the first letter to behind the last one: where text stands, only the picture says."""
    seen = await tab.observe(vision=True)
    button = seen.elements[named(seen, "Submit", "button")].box
    assert button is not None
    box = (button.x - 2, button.y - 2, button.x + button.width, button.y + button.height)
    letters = [
        one
        for one in blobs(seen, VIEW, least=1, together=150)
        if not (box[0] <= one.left <= box[2] and box[1] <= one.top <= box[3])
    ]
    rows = sorted({y for one in letters for _, y in one.pixels})
    lines: list[tuple[int, int]] = []
    for y in rows:
        if lines and y - lines[-1][1] <= 1:
            lines[-1] = (lines[-1][0], y)
        else:
            lines.append((y, y))
    merged: list[list[tuple[int, int]]] = []
    for line in lines:
        if merged and line[0] - merged[-1][-1][0] <= 13:
            merged[-1].append(line)
        else:
            merged.append([line])
    paragraph = merged[number]
    top, bottom = paragraph[0], paragraph[-1]
    left = min(x for one in letters for x, y in one.pixels if top[0] <= y <= top[1])
    right = max(x for one in letters for x, y in one.pixels if bottom[0] <= y <= bottom[1])
    await tab.drag_at(left - 1, top[0] + 4, right + 3, max(bottom[0] + 4, bottom[1] - 2))
    await submit(tab)


@solves("text-editor", sight="picture")
async def style_a_text(tab: Tab) -> None:
    """Selects by keys and styles by keys; of the palette only the picture tells which square is which."""
    seen = await tab.observe()
    text = every(seen, "textbox")[0]
    await _select(
        tab,
        text.ref,
        text.value or "",
        words(seen, r"give the text (\S+) the")[0] if "give the text" in goal(seen) else "",
    )
    style = next(
        (key for name, key in (("bold", "b"), ("italics", "i"), ("underlined", "u")) if f"style {name}" in goal(seen)),
        None,
    )
    if style:
        await tab.press(f"Control+{style}")
    else:
        colour = words(seen, r"the color (\w+)")[0]
        await tab.click(every(seen, "clickable")[0].ref)
        seen = await tab.observe(vision=True)
        squares = [one for one in every(seen, "clickable")[1:] if one.box and one.in_view]
        await tab.click(
            first(squares, lambda one: one.box is not None and hue_of(colour_at(seen, *one.box.centre)) == colour)
        )
    await submit(tab)


async def _select(tab: Tab, ref: str, text: str, word: str) -> None:
    if not word:
        await tab.press("Control+A", ref)
        return
    before = text.index(word)
    await tab.click(ref)
    await tab.press("Control+Home")
    for _ in range(before):
        await tab.press("ArrowRight")
    for _ in word:
        await tab.press("Shift+ArrowRight")
