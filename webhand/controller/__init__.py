"""Actions: what a model may do, and the one place where it is done."""

from webhand.controller.action import Action, ActionCall, ActionContext, ActionResult, Approval, Question
from webhand.controller.registry import Controller

__all__ = ["Action", "ActionCall", "ActionContext", "ActionResult", "Approval", "Controller", "Question"]
