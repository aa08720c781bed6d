"""A task in a few lines: buys a pair of boots in the bundled shop, without a key or a network."""

import asyncio

from webhand import Agent
from webhand.testing import DemoShop
from webhand.testing.shop import DEMO_TASK


async def main() -> None:
    async with DemoShop() as shop:
        result = await Agent(DEMO_TASK, model="offline", start_url=shop.url).run()
        print(result.status, result.answer)
        print("orders in the shop:", [order.number for order in shop.orders])


asyncio.run(main())
