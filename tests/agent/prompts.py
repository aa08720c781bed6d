"""What a prompt is made of in tests: looks, steps, and what was written of them."""

from collections.abc import Sequence
from typing import Any

from webhand import AgentConfig, Controller, Decision, Observation, Step
from webhand.agent import prompt
from webhand.agent.history import History, Seen
from webhand.browser.observation import Scroll
from webhand.controller import ActionCall, ActionResult
from webhand.llm.messages import Message

CONFIG = AgentConfig()
RULES = prompt.rules(Controller(), CONFIG)


def look(text: str = "e1 button Go", **more: Any) -> Observation:
    shown: dict[str, Any] = {"url": "https://shop.example/", "title": "Shop", "tabs": (), "scroll": Scroll(0, 0, 800)}
    return Observation(text=text, elements={}, **(shown | more))


def step(number: int, result: str = "clicked", *, memory: str = "", ok: bool = True, **more: Any) -> Step:
    call = ActionCall(action="click", arguments={"ref": f"e{number}"})
    seen = Seen(url=f"https://shop.example/{number}", title="Shop", tokens=10, elements=1)
    return Step(
        number=number,
        observation=seen,
        decision=Decision(memory=memory, next_goal=f"goal {number}", actions=(call,)),
        results=(ActionResult(action="click", ok=ok, text=result),),
        **more,
    )


def text_of(messages: Sequence[Message]) -> str:
    return "\n".join(message.text for message in messages)


def written(history: History, seen: Observation, config: AgentConfig = CONFIG) -> str:
    """Everything after the rules, which name the borders themselves."""
    return text_of(prompt.messages(RULES, history, seen, config)[1:])
