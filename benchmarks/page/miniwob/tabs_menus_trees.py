"""What has to be opened before it can be clicked: tabs, sections, menus, trees, pies."""

import re

from benchmarks.page.miniwob.page import click, every, has, named, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Observation, Tab


@solves("click-tab")
async def open_a_tab(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(named(seen, words(seen, r"Click on (Tab #\d)")[0], "tab"))


@solves("click-tab-2", "click-tab-2-easy", "click-tab-2-medium", "click-tab-2-hard",
        "click-collapsible-2", "click-collapsible-2-nodelay")  # fmt: skip
async def find_a_link_behind_tabs(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = quoted(seen)[0]
    for opener in every(seen, "tab"):
        if has(seen, wanted, "clickable"):
            break
        if "collapsed" in opener.states:
            await tab.click(opener.ref)
            seen = await tab.observe()
    if not has(seen, wanted, "clickable"):  # a section may still be on its way
        seen = await tab.observe()
    await tab.click(named(seen, wanted, "clickable"))


@solves("click-collapsible", "click-collapsible-nodelay")
async def expand_and_submit(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.click(every(seen, "tab")[0].ref)
    await submit(tab)


@solves("click-menu")
async def walk_a_menu(tab: Tab) -> None:
    seen = await tab.observe()
    *above, last = words(seen, r"Select (\S+)")[0].split(">")
    for name in above:
        await tab.hover(named(seen, name, "menuitem"))
        seen = await tab.observe()
    await tab.click(named(seen, last, "menuitem"))


@solves("navigate-tree")
async def open_folders(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = quoted(seen)[0]
    tried: set[str] = set()
    while not has(seen, wanted, "clickable"):
        folder = _next_folder(seen, tried)
        tried.add(folder)
        await tab.click(folder)
        seen = await tab.observe()
    await tab.click([one.ref for one in every(seen, "clickable") if one.name == wanted][-1])


def _next_folder(seen: Observation, tried: set[str]) -> str:
    """The first closed folder: a nameless box stands before its name."""
    for box in every(seen, "clickable"):
        if not box.name and box.ref not in tried:
            return box.ref
    raise LookupError(f"no folder is left:\n{seen.text}")


@solves("click-pie", "click-pie-nodelay")
async def open_the_pie(tab: Tab) -> None:
    """One slice of a pie is put anew into the page in each frame while the pointer is on it: no press reaches it."""
    wanted = quoted(await tab.observe())[0]
    seen = await click(tab, "+", "clickable")
    await tab.click(named(seen, wanted, "clickable"))


@solves("phone-book")
async def leaf_through_contacts(tab: Tab) -> None:
    seen = await tab.observe()
    name, kind = words(seen, r"Find (\w+) in the contact book and click on their ([\w ]+)\.")
    while f"## {name}\n" not in seen.text:
        seen = await click(tab, ">", "link")
    ref = re.search(rf"{kind.split()[0]}:\s+(e\d+) ", seen.text, re.I)
    if ref is None:
        raise LookupError(f"no {kind}:\n{seen.text}")
    await tab.click(ref[1])


@solves("search-engine")
async def leaf_through_results(tab: Tab) -> None:
    seen = await tab.observe()
    nth = int(words(seen, r"click the (\d)")[0]) - 1
    await tab.type(every(seen, "textbox")[0].ref, quoted(seen)[0])
    seen = await click(tab, "Search", "button")
    for _ in range(nth // 3):
        seen = await click(tab, ">", "link")
    titles = [one for one in every(seen, "link") if one.name not in "<>123"]
    await tab.click(titles[nth % 3].ref)
