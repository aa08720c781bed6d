"""The loop: look, decide, act, record."""

from webhand.agent.agent import Agent
from webhand.agent.config import AgentConfig
from webhand.agent.decision import Decision
from webhand.agent.history import History, Result, Step

__all__ = ["Agent", "AgentConfig", "Decision", "History", "Result", "Step"]
