"""An action of your own, a typed result, and a script in place of a model: how agents are tested."""

import asyncio

from pydantic import BaseModel

from webhand import Agent, Controller
from webhand.llm import ScriptedModel, by_name
from webhand.testing import DemoShop


class Price(BaseModel):
    product: str
    euros: float


controller = Controller()


@controller.action("Look up what a product costs in our own list")
async def list_price(product: str) -> str:
    return {"Ridge Walker Boots": "119.00"}.get(product, "unknown")


script = [
    {"click": {"ref": by_name("Boots", role="link")}},
    {"list_price": {"product": "Ridge Walker Boots"}},
    {"done": {"output": {"product": "Ridge Walker Boots", "euros": 119.0}}},
]


async def main() -> None:
    async with DemoShop() as shop:
        agent = Agent(
            "What do the Ridge Walker Boots cost in our list?",
            model=ScriptedModel(script),
            start_url=shop.url,
            controller=controller,
            output=Price,
        )
        result = await agent.run()
        print(result.output)


asyncio.run(main())
