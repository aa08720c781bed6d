"""A decision that was paid for and not begun when its run was interrupted, to be used by the run that goes on. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from webhand.agent.decision import Decision
from webhand.agent.history import Seen
from webhand.agent.memory import call_text
from webhand.browser import Fingerprint, Observation
from webhand.browser.difference import REFS
from webhand.events import Event
from webhand.usage import Usage


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision with the look that it was made for; `targets` are the elements that it names, by reference.

    It is `overruled` once somebody has said something that the model did not know of.
    """

    decision: Decision
    seen: Seen
    targets: Mapping[str, Fingerprint]
    usage: Usage
    cost: Decimal | None
    overruled: bool = False

    @classmethod
    def of(cls, events: Sequence[Event]) -> Self | None:
        """The decision that a log ends with, None where an action of it was begun already."""
        last = {event.type: event.data for event in _after_last_step(events)}
        if "decided" not in last or "observed" not in last or "action.started" in last:
            return None
        decided = last["decided"]
        return cls(
            decision=Decision.model_validate(decided["decision"]),
            seen=Seen.model_validate({k: v for k, v in last["observed"].items() if k in Seen.model_fields}),
            targets={ref: Fingerprint.model_validate(mark) for ref, mark in decided["targets"].items()},
            usage=Usage.model_validate(decided["usage"]),
            cost=None if decided["cost"] is None else Decimal(decided["cost"]),
        )

    def on(self, seen: Observation) -> Decision | None:
        """The decision with the references that its elements have now.

        None where the page does not show the same as then, word for word but for its references: something that was
        filled in may be lost, and what was right to do on the page of before may be wrong on this one. None as well
        where it is overruled.
        """
        if self.overruled or self.seen.text is None or not self.seen.text.is_file():
            return None
        before, now = self.seen.text.read_text("utf-8", "replace"), seen.text
        if self.seen.url != seen.url or REFS.sub("e", before) != REFS.sub("e", now):
            return None
        places = dict(zip(REFS.findall(before), REFS.findall(now), strict=True))
        names = {ref: places.get(ref, "") for ref in self.targets}
        marks = {ref: seen.elements[name].fingerprint for ref, name in names.items() if name in seen.elements}
        if marks != self.targets:
            return None
        actions = (
            call.model_copy(update={"arguments": _renamed(call.arguments, names)}) for call in self.decision.actions
        )
        return self.decision.model_copy(update={"actions": tuple(actions)})

    @property
    def note(self) -> str:
        """What the model is told when it cannot be used."""
        calls = ", ".join(call_text(call) for call in self.decision.actions)
        why = "you have been told something since" if self.overruled else "the page is not the same"
        return f"before the run was interrupted you decided this, and it was not begun: {calls}; {why}"


def _renamed(arguments: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {name: names.get(value, value) if isinstance(value, str) else value for name, value in arguments.items()}


def _after_last_step(events: Sequence[Event]) -> Sequence[Event]:
    ends = [place for place, event in enumerate(events) if event.type in ("step.finished", "step.started")]
    return events[ends[-1] + 1 :] if ends and events[ends[-1]].type == "step.started" else ()
