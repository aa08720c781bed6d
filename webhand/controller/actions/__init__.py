"""The default actions, one file a family."""

from webhand.controller.action import Action
from webhand.controller.actions import (
    ask,
    click,
    dialog,
    done,
    evaluate,
    extract,
    files,
    form,
    navigate,
    read,
    scroll,
    tabs,
    transfer,
    type,
    wait,
)

DEFAULT: tuple[Action, ...] = tuple(
    action
    for family in (navigate, click, type, form, transfer, scroll, wait, tabs, read, extract, files, dialog, ask, done)
    for action in family.family.actions
)
"""In the order in which a model reads them."""

OPTIONAL: tuple[Action, ...] = tuple(evaluate.family.actions)
"""Those that a run has only when they are asked for."""
