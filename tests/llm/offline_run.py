"""What the tests of the offline model share: actions, pages, and a run as an agent holds it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Field, RootModel

from webhand.llm.messages import PageElement, PageView, SystemMessage, Text, UserMessage
from webhand.llm.offline import TASK_MARK, OfflineModel


class Navigate(BaseModel):
    url: str


class Click(BaseModel):
    ref: str


class Type(BaseModel):
    ref: str
    text: str
    clear: bool = True
    submit: bool = False


class Press(BaseModel):
    keys: str
    ref: str | None = None


class Select(BaseModel):
    ref: str
    values: list[str]


class Check(BaseModel):
    ref: str
    on: bool = True


class Scroll(BaseModel):
    direction: str
    amount: int = 1


class Wait(BaseModel):
    seconds: float | None = None
    text: str | None = None


class Nothing(BaseModel):
    pass


class Done(BaseModel):
    answer: str
    success: bool = True


class NavigateAction(BaseModel):
    navigate: Navigate


class ClickAction(BaseModel):
    click: Click


class TypeAction(BaseModel):
    type: Type


class PressAction(BaseModel):
    press: Press


class SelectAction(BaseModel):
    select: Select


class CheckAction(BaseModel):
    check: Check


class ScrollAction(BaseModel):
    scroll: Scroll


class WaitAction(BaseModel):
    wait: Wait


class BackAction(BaseModel):
    back: Nothing


class DoneAction(BaseModel):
    done: Done


Union = (
    NavigateAction
    | ClickAction
    | TypeAction
    | PressAction
    | SelectAction
    | CheckAction
    | ScrollAction
    | WaitAction
    | BackAction
    | DoneAction
)


class Action(RootModel[Union]):
    pass


class Decision(BaseModel):
    evaluation: str
    memory: str
    next_goal: str
    actions: list[Action] = Field(min_length=1)


class Brief(BaseModel):
    memory: str
    next_goal: str
    actions: list[Action]


class Bare(BaseModel):
    actions: list[Action]


class One(BaseModel):
    memory: str
    actions: list[Action] = Field(max_length=1)


class FewAction(RootModel[DoneAction | TypeAction]):
    pass


class Few(BaseModel):
    memory: str
    actions: list[FewAction]


class Order(BaseModel):
    number: int


class OrderDone(BaseModel):
    done: Order


class Typed(BaseModel):
    memory: str
    actions: list[OrderDone]


def page(text: str = "", **elements: str) -> PageView:
    """A page whose elements are given as ref="role name"."""
    parts = ((ref, *said.split(" ", 1)) for ref, said in elements.items())
    return PageView(text=text, elements=tuple(PageElement(ref=ref, role=role, name=name) for ref, role, name in parts))


SHOP = page(
    "# Boots\nOrder number: WH-1234\nPrice: 12.90",
    e1="searchbox Search",
    e2="button Go",
    e3="link Go",
    e4="textbox Email *",
    e5="combobox Colour",
    e6="checkbox News",
    e7="button Add to cart",
    e8="button Add to cart",
    e9="generic Map",
    e10="textbox Name",
    e11="link Google maps",
)
EMPTY = page()


def user(*parts: Text | PageView) -> UserMessage:
    return UserMessage(parts=parts)


class Run:
    """A run as an agent holds it: the prompt is made anew for each call, and the model too."""

    def __init__(self, task: str, output: type[BaseModel] = Decision) -> None:
        self.task = task
        self.output = output
        self.steps: list[str] = []
        self.memory = ""

    async def step(self, shown: PageView) -> list[Mapping[str, Any]]:
        """The actions of the next decision."""
        parts = [Text(TASK_MARK + self.task, stable=True), Text("What happened:\n" + "\n".join(self.steps))]
        rules = SystemMessage(parts=(Text("Rules. Something that failed twice wants another way."),))
        reply = await OfflineModel().complete((rules, user(*parts, Text("Page: A title"), shown)), self.output)
        said = json.loads(reply.output.model_dump_json(exclude_unset=True))
        self.memory = said["memory"]
        goal = said.get("next_goal", "")
        self.steps.append(f"Step {len(self.steps) + 1} on http://x\n  memory: {self.memory}\n  goal: {goal}")
        return said["actions"]

    def result(self, *lines: str) -> None:
        """What the prompt tells of the last decision."""
        self.steps[-1] += "".join(f"\n  {line}" for line in lines)

    async def through(self, *shown: PageView) -> list[Any]:
        """The actions of all decisions, one for each page, when everything works."""
        taken: list[Any] = []
        for one in shown:
            taken.append(await self.step(one))
            self.result(*(f"{next(iter(action))} x: it went well" for action in taken[-1]))
        return taken


def ended(actions: Sequence[Mapping[str, Any]]) -> tuple[bool, str]:
    """Whether the last decision claims success, and its answer."""
    assert [list(action) for action in actions] == [["done"]]
    return actions[0]["done"]["success"], actions[0]["done"]["answer"]
