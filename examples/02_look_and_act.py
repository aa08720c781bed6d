"""The browser without a model: look at a page, act by reference, mix in Playwright."""

import asyncio

from webhand import Browser
from webhand.testing import DemoShop


async def main() -> None:
    async with DemoShop() as shop, Browser() as browser:
        tab = await browser.open(shop.url)
        seen = await tab.observe()
        print(seen.text)

        search = next(ref for ref, element in seen.elements.items() if element.name == "Search the shop")
        effect = await tab.type(search, "kettle", submit=True)
        print(effect.text)
        print("Playwright's own view:", await tab.page.title())


asyncio.run(main())
