"""Reading something and typing it somewhere."""

import re

from benchmarks.page.miniwob.page import every, first, goal, lines_after, named, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Observation, Tab


async def type_first(tab: Tab, text: str) -> None:
    await tab.type(every(await tab.observe(), "textbox")[0].ref, text)
    await submit(tab)


@solves("enter-text", "enter-text-dynamic")
async def type_what_is_quoted(tab: Tab) -> None:
    await type_first(tab, quoted(await tab.observe())[0])


@solves("enter-text-2")
async def type_in_another_case(tab: Tab) -> None:
    seen = await tab.observe()
    text = quoted(seen)[0]
    await type_first(tab, text.upper() if "upper case" in goal(seen) else text.lower())


@solves("enter-password")
async def type_a_password_twice(tab: Tab) -> None:
    seen = await tab.observe()
    for field in every(seen, "textbox"):
        await tab.type(field.ref, quoted(seen)[0])
    await submit(tab)


@solves("login-user", "login-user-popup")
async def log_in(tab: Tab) -> None:
    seen = await tab.observe()
    for name, text in zip(("Username", "Password"), quoted(seen), strict=True):
        await _type_unless_interrupted(tab, name, text)
    seen = await tab.observe()
    await tab.click(first(every(seen, "button"), lambda one: one.name in ("Login", "OK")))


async def _type_unless_interrupted(tab: Tab, name: str, text: str) -> None:
    """Type into a field; a popup that comes meanwhile is dismissed, and the field typed into again."""
    for _ in range(5):
        await tab.type(named(await tab.observe(), name), text)
        seen = await tab.observe()
        if (no := next((one.ref for one in every(seen, "button") if one.name in ("Cancel", "No")), None)) is None:
            return
        await tab.click(no)


@solves("text-transform")
async def type_what_is_written_crooked(tab: Tab) -> None:
    await type_first(tab, (await tab.observe()).text.split("\n")[1])


@solves("find-word")
async def type_the_nth_word(tab: Tab) -> None:
    seen = await tab.observe()
    number = int(words(seen, r"Find the (\d+)")[0])
    paragraph = seen.text.split("\n")[1]
    await type_first(tab, re.findall(r"[\w']+", paragraph)[number - 1])


@solves("simple-arithmetic")
async def calculate(tab: Tab) -> None:
    seen = await tab.observe()
    left, sign, right = words(seen, r"\n(-?\d+) (\S) (-?\d+) =")
    await type_first(tab, str({"+": int.__add__, "-": int.__sub__}.get(sign, int.__mul__)(int(left), int(right))))


@solves("simple-algebra")
async def solve_for_x(tab: Tab) -> None:
    seen = await tab.observe()
    left, sign, right, total = words(seen, r"\n(x|-?\d+) (\S) (x|-?\d+) = (-?\d+)\n")
    value = int(right if left == "x" else left)
    plus, minus = int(total) - value, int(total) + value if left == "x" else value - int(total)
    await type_first(tab, str(plus if sign == "+" else minus))


@solves("guess-number")
async def guess(tab: Tab) -> None:
    low, high = 0, 9
    for _ in range(5):
        number = (low + high) // 2
        await tab.type(every(await tab.observe(), "spinbutton")[0].ref, str(number))
        await submit(tab)
        said = (await tab.observe()).text
        if "higher than" in said:
            low = number + 1
        elif "lower than" in said:
            high = number - 1
        else:
            return


@solves("read-table")
async def type_one_cell(tab: Tab) -> None:
    seen = await tab.observe()
    await type_first(tab, _cell(seen, words(seen, r"value of (.+) into")[0]))


@solves("read-table-2")
async def type_two_cells(tab: Tab) -> None:
    seen = await tab.observe()
    for field in every(seen, "textbox"):
        await tab.type(field.ref, _cell(seen, field.name.rstrip(":")))
    await submit(tab)


def _cell(seen: Observation, label: str) -> str:
    return words(seen, rf"(?m)^{re.escape(label)}\t(.+)$")[0]


@solves("terminal")
async def use_a_terminal(tab: Tab) -> None:
    seen = await tab.observe()
    ending = words(seen, r"(extension \.\S+|no file extension)")[0].removeprefix("extension ")
    prompt = every(seen, "textbox")[0].ref
    await tab.type(prompt, "ls", submit=True)
    listed = (await tab.read()).text.split("user$ ls\n")[1].split("\n")[0].split()
    file = next(one for one in listed if ("." not in one if ending.startswith("no") else one.endswith(ending)))
    await tab.type(prompt, f"rm {file}", submit=True)


@solves("use-autocomplete", "use-autocomplete-nodelay")
async def choose_a_suggestion(tab: Tab) -> None:
    seen = await tab.observe()
    begin, end = (quoted(seen) * 2)[:2] if "ends with" in goal(seen) else (quoted(seen)[0], "")
    await tab.type(named(seen, "Tags:"), begin)
    seen = await tab.observe()
    offered = [one for one in seen.elements.values() if one.role in ("menuitem", "option", "clickable")]
    await tab.click(first(offered, lambda one: one.name.startswith(begin) and one.name.endswith(end)))
    await submit(tab)


@solves("multi-layouts", "multi-orderings")
async def search_films(tab: Tab) -> None:
    seen = await tab.observe()
    genre, director, year = words(seen, r"Search for (.+) movies directed by (.+) from year (\d+)")
    fields = every(seen, "textbox")
    below = not fields[0].name  # labels stand under their fields here, and the names are those of the field above
    for field in fields:
        kind = (lines_after(seen, f"{field.ref} textbox")[0] if below else field.name).lower()
        await tab.type(field.ref, genre if "genre" in kind else year if "year" in kind or "date" in kind else director)
    seen = await tab.observe()
    await tab.click(first(seen.elements.values(), lambda one: one.name in ("Search", "Submit", "Find", "Go!")))
