"""webhand gives a language model a hand on the web.

    from webhand import Agent

    result = await Agent("Find the cheapest kettle", model="openai/gpt-6-luna", start_url="https://shop.example").run()

Importing the package does no work: Playwright and the vendors' SDKs are loaded when they are used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from webhand import errors

if TYPE_CHECKING:
    from webhand.agent import Agent, AgentConfig, Decision, Result, Step
    from webhand.browser import Browser, BrowserConfig, Element, Observation, Tab
    from webhand.controller import ActionContext, ActionResult, Controller
    from webhand.events import Event
    from webhand.secrets import Secret
    from webhand.store import RunStore

__all__ = [
    "ActionContext",
    "ActionResult",
    "Agent",
    "AgentConfig",
    "Browser",
    "BrowserConfig",
    "Controller",
    "Decision",
    "Element",
    "Event",
    "Observation",
    "Result",
    "RunStore",
    "Secret",
    "Step",
    "Tab",
    "errors",
]

_HOMES = {
    "webhand.agent": ("Agent", "AgentConfig", "Decision", "Result", "Step"),
    "webhand.browser": ("Browser", "BrowserConfig", "Element", "Observation", "Tab"),
    "webhand.controller": ("ActionContext", "ActionResult", "Controller"),
    "webhand.events": ("Event",),
    "webhand.secrets": ("Secret",),
    "webhand.store": ("RunStore",),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'webhand' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
