"""What a person is asked about: one table."""

from typing import Any

import pytest

from webhand.controller.risk import risky

TABLE: list[tuple[str, dict[str, Any], str | None, bool]] = [
    ("click", {"ref": "e1"}, 'button "Pay now"', True),
    ("click", {"ref": "e1"}, 'button "Delete account"', True),
    ("click", {"ref": "e1"}, 'button "Place your order"', True),
    ("click", {"ref": "e1"}, 'link "SEND"', True),
    ("click", {"ref": "e1"}, 'button "Next"', False),
    ("click", {"ref": "e1"}, 'link "Payment methods"', False),
    ("click", {"ref": "e1"}, None, False),
    ("click_at", {"x": 1, "y": 2}, None, True),
    ("type", {"ref": "e1", "text": "pay"}, 'textbox "Pay to"', False),
    ("type", {"ref": "e1", "text": "hi", "submit": True}, 'textbox "Message"', True),
    ("press", {"keys": "Enter"}, None, True),
    ("press", {"keys": "Control+Enter"}, None, True),
    ("press", {"keys": "Escape"}, None, False),
    ("upload", {"ref": "e1", "files": ["a.pdf"]}, 'button "Choose"', True),
    ("navigate", {"url": "https://shop.example/pay"}, None, False),
    ("drag", {"ref": "e1", "to": "e2"}, 'draggable "Delete"', True),
]


@pytest.mark.parametrize(("action", "arguments", "target", "expected"), TABLE)
def test_what_looks_as_if_it_could_not_be_undone(
    action: str, arguments: dict[str, Any], target: str | None, expected: bool
) -> None:
    assert risky(action, arguments, target) is expected
