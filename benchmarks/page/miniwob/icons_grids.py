"""Pictures made of cells, and icons."""

from collections.abc import Sequence
from functools import cache

from benchmarks.page.miniwob.page import every, has, look, named, quoted, shapes, submit
from benchmarks.page.miniwob.picture import Colour, apart, blobs, image, pixel
from benchmarks.page.miniwob.solution import solves
from webhand import Element, Observation, Tab

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))


@solves("ascending-numbers")
async def numbers_in_order(tab: Tab) -> None:
    """After the first click the others lose their names: where each was must be remembered."""
    numbers = (one for one in shapes(await tab.observe()) if one.kind == "text")
    for number in sorted(numbers, key=lambda one: int(one.text)):
        await tab.click_at(*number.middle)


@solves("number-checkboxes", sight="picture")
async def draw_a_digit(tab: Tab) -> None:
    """The example is an image without a name, and the text does not say that the boxes stand in rows of four."""
    seen = await look(tab)
    board = max(blobs(seen, (84, 52, 160, 180), together=400), key=lambda one: one.width * one.height)
    picture = image(seen)
    boxes = every(seen, "checkbox")
    for number, box in enumerate(boxes):
        row, column = divmod(number, 4)
        x = board.left + (column + 0.5) * board.width / 4
        y = board.top + (row + 0.5) * board.height / 7
        if sum(pixel(picture, int(x), int(y))) > 600:
            await tab.check(box.ref)
    await submit(tab)


@solves("visual-addition")
async def count_blocks(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.type(every(seen, "textbox")[0].ref, str(seen.text.count(" box)")))
    await submit(tab)


@solves("tic-tac-toe")
async def play_tic_tac_toe(tab: Tab) -> None:
    """The other side moves at random half of the time: no play wins every game. Loaded again, the page plays the same
    game: what it answers is remembered, and a line that may be lost is left before it is."""
    answers: dict[tuple[str, ...], tuple[str, ...]] = {}
    for _ in range(30):
        board = _board(await tab.observe())
        while (cell := _safe_move(board, answers)) is not None:
            mine = tuple(_with(board, cell, "x"))
            await tab.click(every(await tab.observe(), "clickable")[cell].ref)
            if _won(mine, "x"):
                return
            board = answers[mine] = _board(await tab.observe())
        await tab.reload()


def _board(seen: Observation) -> tuple[str, ...]:
    """The marks of the nine cells."""
    return tuple(one.drawn if one.drawn in ("x", "o") else "" for one in every(seen, "clickable")[:9])


def _safe_move(board: tuple[str, ...], answers: dict[tuple[str, ...], tuple[str, ...]]) -> int | None:
    """The move that wins, or the likeliest to, after which the other side cannot end the game; None when there is none.

    A move whose answer is known is followed only when there is a move after it.
    """
    free = [number for number, mark in enumerate(board) if not mark]
    for cell in free:
        if _won(_with(board, cell, "x"), "x"):
            return cell
    fine: dict[int, float] = {}
    for cell in free:
        mine = tuple(_with(board, cell, "x"))
        if mine in answers:
            if _safe_move(answers[mine], answers) is not None:
                fine[cell] = _chance(answers[mine], "x")
        elif len(free) > 2 and not any(_won(_with(mine, one, "o"), "o") for one in free if one != cell):
            fine[cell] = _chance(mine, "o")
    return max(fine, key=lambda one: fine[one]) if fine else None


def _with(board: Sequence[str], cell: int, who: str) -> list[str]:
    return [*board[:cell], who, *board[cell + 1 :]]


def _won(board: Sequence[str], who: str) -> bool:
    return any(all(board[one] == who for one in line) for line in LINES)


@cache
def _chance(board: tuple[str, ...], turn: str) -> float:
    """How probably x wins when o takes or blocks a line every other time, and moves anywhere else."""
    free = [number for number, mark in enumerate(board) if not mark]
    if _won(board, "x") or _won(board, "o") or not free:
        return float(_won(board, "x"))
    if turn == "x":
        return max(_chance(tuple(_with(board, cell, "x")), "o") for cell in free)
    chances = {cell: _chance(tuple(_with(board, cell, "o")), "x") for cell in free}
    sharp = [one for one in free if _won(_with(board, one, "o"), "o")] or [
        one for one in free if _won(_with(board, one, "x"), "x")
    ]
    anywhere = sum(chances.values()) / len(chances)
    return 0.55 * anywhere + 0.45 * (min(chances[one] for one in sharp) if sharp else anywhere)


@solves("click-menu-2", sight="picture")
async def open_the_menu(tab: Tab) -> None:
    """Half of the goals show an icon in place of a name: it is compared with the icons of the entries."""
    asked = await look(tab)
    await tab.click(named(asked, "Menu", "button"))
    seen = await tab.observe()
    names = quoted(asked)[1:]
    if not names or not has(seen, names[0], "menuitem"):
        await tab.hover(named(seen, "Playback", "menuitem"))
        seen = await look(tab)
    entries = [one for one in every(seen, "menuitem") if one.name != "Playback"]
    if names:
        return await _press(tab, next(one for one in entries if one.name == names[0]))
    await _press(tab, max(entries, key=lambda one: _likeness(asked, seen, one)))


async def _press(tab: Tab, entry: Element) -> None:
    await tab.click(entry.ref)


def _likeness(asked: Observation, seen: Observation, entry: Element) -> float:
    """How well the icon of an entry fits somewhere into the instruction."""
    assert entry.box is not None
    left, top = round(entry.box.x), round(entry.box.y + 1)
    icon = {(x - left, y - top) for x, y in _ink(seen, (left + 1, top, left + 18, top + 15), (238, 238, 238))}
    there = _ink(asked, (0, 0, 160, 50), (255, 255, 0))
    around = [(dx, dy) for dx in range(17) for dy in range(15)]
    return max(
        2 * sum((x + dx, y + dy) in there for dx, dy in icon)
        / (len(icon) + sum((x + dx, y + dy) in there for dx, dy in around) or 1)
        for x in range(-1, 150) for y in range(-1, 42)
        if (x + min(icon)[0], y + min(icon)[1]) in there
    )  # fmt: skip


def _ink(seen: Observation, box: tuple[int, int, int, int], ground: Colour) -> set[tuple[int, int]]:
    picture = image(seen)
    return {
        (x, y)
        for x in range(box[0], box[2])
        for y in range(box[1], box[3])
        if apart(pixel(picture, x, y), ground) > 150
    }
