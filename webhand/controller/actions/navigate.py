"""Going from page to page."""

from dataclasses import replace
from urllib.parse import quote_plus

from webhand.browser import Effect, Tab
from webhand.controller.action import Family

family = Family()

ENGINES = {
    "duckduckgo": "https://duckduckgo.com/?q=",
    "bing": "https://www.bing.com/search?q=",
    "google": "https://www.google.com/search?q=",
}


@family.action()
async def navigate(tab: Tab, url: str, new_tab: bool = False) -> Effect:
    """Open an address."""
    address = _with_scheme(url)
    tab.context.check(address)  # what is opened below counts as the user's own
    if not new_tab:
        return await tab.goto(address)
    other = await tab.context.open()
    effect = await other.goto(address)
    return replace(effect, text=f"{effect.text}; it is tab {other.number}", new_tabs=(other.number, *effect.new_tabs))


@family.action(changes=False)
async def search(tab: Tab, query: str, engine: str | None = None) -> Effect:
    """Search the web: duckduckgo, bing, google."""
    address = ENGINES.get(engine or "", ENGINES["duckduckgo"]) + quote_plus(query)
    tab.context.check(address)
    return await tab.goto(address)


@family.action()
async def back(tab: Tab) -> Effect:
    """Go back."""
    return await tab.back()


@family.action()
async def forward(tab: Tab) -> Effect:
    """Go forward."""
    return await tab.forward()


@family.action()
async def reload(tab: Tab) -> Effect:
    """Reload."""
    return await tab.reload()


def _with_scheme(url: str) -> str:
    """The address with https in front when it is a bare host, as people write them."""
    url = url.strip()
    return url if "://" in url or url.startswith(("about:", "data:", "javascript:")) else f"https://{url}"
