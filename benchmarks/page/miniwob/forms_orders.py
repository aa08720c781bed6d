"""Forms of several steps: flights, tickets, food, social media, mail."""

import re

from benchmarks.page.miniwob.dates_numbers import pick_date
from benchmarks.page.miniwob.page import click, every, first, goal, named, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Observation, Tab


@solves("book-flight", "book-flight-nodelay")
async def book_a_flight(tab: Tab) -> None:
    seen = await tab.observe()
    which, begin, end, date = words(seen, r"Book the (\w+) one-way flight from: (.+) to: (.+) on (\S+)\.")
    for field, place in (("From:", begin), ("To:", end)):
        await tab.type(named(seen, field, "textbox"), place)
        offered = await tab.observe()
        await tab.click(first(every(offered, "clickable"), lambda one, place=place: place in one.name))
    await pick_date(tab, named(seen, "Departure Date", "textbox"), date)
    seen = await click(tab, "Search", "button")
    await _take_best(tab, seen, which)


@solves("buy-ticket")
async def buy_a_ticket(tab: Tab) -> None:
    seen = await tab.observe()
    await _take_best(tab, seen, words(seen, r"with the (.+)\.")[0])


async def _take_best(tab: Tab, seen: Observation, which: str) -> None:
    """Press the offer of the wanted kind: each is a duration, some lines on, and a button with the price."""
    offers: list[tuple[int, int, str]] = []
    for part in seen.text.split("Duration:")[1:]:
        hours, minutes = re.findall(r"(\d+)h (\d+)m", part)[0]
        offers.append((int(hours) * 60 + int(minutes), 0, re.findall(r"(e\d+) button", part)[0]))
    priced = re.findall(r"(e\d+) button Book[^$\n]*\$(\d+)", seen.text)
    if "cost" in which or "cheap" in which:
        best = (max if "most" in which else min)(priced, key=lambda one: int(one[1]))[0]
    else:
        best = (max if "longest" in which else min)(offers)[2]
    await tab.click(best)


@solves("order-food")
async def order_food(tab: Tab) -> None:
    seen = await tab.observe()
    if "one of each" in goal(seen):
        for dish in goal(seen).split("item: ")[1].split(", "):
            await tab.click(_plus(_block(seen, dish)))
    else:
        number, kind = words(seen, r"Order (\d+) items that are (\S+)")
        dish = first_dish(seen, kind)
        for _ in range(int(number)):
            await tab.click(dish)
    await submit(tab, "Order!")


def _block(seen: Observation, dish: str) -> list[str]:
    lines = seen.text.split("\n")
    return lines[lines.index(dish, 1) : lines.index(dish, 1) + 4]


def _plus(lines: list[str]) -> str:
    return next(line.split()[0] for line in lines if line.endswith("clickable +"))


def first_dish(seen: Observation, kind: str) -> str:
    """The plus of the first dish that is of a kind."""
    lines = seen.text.split("\n")
    at = next(number for number, line in enumerate(lines) if f"(image: {kind})" in line)
    return _plus(lines[at : at + 3])


@solves("social-media")
async def press_one_icon(tab: Tab) -> None:
    """Of four nameless icons the order is that of their classes: reply, retweet, like, more."""
    seen = await tab.observe()
    user, action = words(seen, r'the user (@\w+), click on the "(.+)" button')
    icons = _icons(seen, user)[0]
    known = ("Reply", "Retweet", "Like")
    icon = icons[known.index(action) if action in known else 3]
    await tab.hover(icon)  # the icon is another picture below the pointer, and away until that is loaded
    await tab.click(icon)
    if action not in known:
        seen = await tab.observe()
        await tab.click(first(seen.elements.values(), lambda one: one.name in (action, f"{action} {user}")))


@solves("social-media-all", "social-media-some")
async def press_icons_of_posts(tab: Tab) -> None:
    """Of four nameless icons the order is that of their classes: reply, retweet, like, share."""
    seen = await tab.observe()
    action, how_many, user = words(seen, r'Click the "(\w+)" button on (all|\d+) posts? by (@\w+) and')
    posts = _icons(seen, user)
    for icons in posts if how_many == "all" else posts[: int(how_many)]:
        await tab.click(icons[("Reply", "Retweet", "Like", "Share").index(action)])
    await submit(tab)


def _icons(seen: Observation, user: str) -> list[list[str]]:
    """For each post of a user the four references below it."""
    lines = seen.text.split("\n")[1:]
    posts = [
        number for number, line in enumerate(lines) if re.search(rf"{user}\b", line) and not re.match(r"e\d+ ", line)
    ]
    return [
        [ref for line in lines[at + 1 : at + 8] for ref in re.findall(r"^(e\d+) clickable", line)][:4] for at in posts
    ]


NAME = r"([A-Z]\w+)"


MAIL = [
    "",
    *[
        "-delete",
        "-forward",
        "-forward-nl",
        "-forward-nl-turk",
        "-important",
        "-nl-turk",
        "-noscroll",
        "-reply",
        "-star-reply",
    ],
]


@solves(*(f"email-inbox{ending}" for ending in MAIL))
async def handle_a_mail(tab: Tab) -> None:
    """Of the two nameless icons of a mail the trash is first, then the star: their classes say so."""
    seen = await tab.observe()
    asked = goal(seen)
    rows = [one for one in every(seen, "clickable") if one.name and one.name.split()[0].rstrip(".,'s") in asked]
    senders = [one.name.split()[0] for one in rows]
    sender = _sender(asked, senders)
    row = [one for one in rows if one.name.split()[0] == sender][-1]  # which of two, no goal says
    if re.search(r"\b(delete|trash|remove|erase|discard|rid)\b", asked, re.I):
        await tab.click(_icon(seen, row.ref, 1))
        return
    if re.search(r"\b(star|important|mark)\b", asked, re.I):
        await tab.click(_icon(seen, row.ref, 2))
        return
    await tab.click(row.ref)
    if quoted(seen):
        seen = await click(tab, "Reply", "clickable")
        await tab.type(every(seen, "textbox")[-1].ref, quoted(seen)[0])
    else:
        seen = await click(tab, "Forward", "clickable")
        await tab.type(every(seen, "textbox")[0].ref, _receiver(asked, sender))
    await _send(tab)


def _icon(seen: Observation, row: str, number: int) -> str:
    refs = list(seen.elements)
    return refs[refs.index(row) + number]


def _sender(asked: str, senders: list[str]) -> str:
    pattern = rf"(?:by|from|From|By) {NAME}|{NAME}'s? |(?:email|message|information|mail) {NAME} sent|^{NAME} wants his"
    for groups in re.findall(pattern, asked):
        for name in groups:
            if name in senders:
                return name
    return senders[0]


def _receiver(asked: str, sender: str) -> str:
    for pattern in (
        rf"\bto {NAME}",
        rf"(?:Give|Send|Forward|Show|with|for) {NAME}",
        rf"^{NAME} (?:wants|is waiting)",
        NAME,
    ):
        for name in re.findall(pattern, asked):
            if name not in (sender, "Send", "Forward", "Find", "Please", "The"):
                return name
    raise LookupError(asked)


async def _send(tab: Tab) -> None:
    """Of the two nameless icons above a letter the second sends it."""
    seen = await tab.observe()
    await tab.click(every(seen, "clickable")[1].ref)
