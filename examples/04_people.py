"""Somebody is asked during a run: by the model, before what could not be undone, and at a sign-in."""

import asyncio

from webhand import Agent, AgentConfig
from webhand.controller import Question
from webhand.llm import ScriptedModel
from webhand.testing import DemoShop


async def ask(question: Question) -> str:
    return await asyncio.to_thread(input, f"{question.text} ")


config = AgentConfig(ask=ask, approve="ask", pause_on=("sign-in",))

script = [
    {"ask": {"question": "Which colour should the boots have?"}},
    {"done": {"answer": "I know now what to look for."}},
]


async def main() -> None:
    async with DemoShop() as shop:
        agent = Agent("Find boots for me.", model=ScriptedModel(script), start_url=shop.url, config=config)
        result = await agent.run()
        print(result.steps[0].results[0].text, result.answer)


asyncio.run(main())
