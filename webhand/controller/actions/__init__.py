"""The default actions, one file a family."""

from webhand.controller.action import Action
from webhand.controller.actions import ask, click, dialog, done, files, form, navigate, read, scroll, tabs, type, wait

DEFAULT: tuple[Action, ...] = tuple(
    action
    for family in (navigate, click, type, form, files, scroll, wait, tabs, read, dialog, ask, done)
    for action in family.family.actions
)
"""In the order in which a model reads them."""
