"""Limits of a run and what the model is shown and asked."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from webhand.browser.walls import Kind


def _expanded(path: Path) -> Path:
    return Path(os.path.expanduser(path))  # that of a Path raises where there is no such user


class Patience(BaseModel):
    """How often something may be repeated in vain before the model is told, from a word to the end of the run.

    A failure counts once more than what goes well and brings nothing new; a step that waits counts half.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hint: int = Field(default=2, ge=1)
    """Times until the model is told."""
    picture: int = Field(default=3, ge=1)
    """Times until it is shown a picture as well."""
    other_way: int = Field(default=4, ge=1)
    """Times until it is asked to give this way up."""
    report: int = Field(default=8, ge=1)
    """Times until it is asked to end and say so; the run ends with that step."""
    repeats: int = Field(default=25, ge=1)
    """Times that the same may be done with the same result while the page goes on changing, until the model is told."""


class AgentConfig(BaseModel):
    """Settings of an agent; times are seconds. A limit that is reached is a status of the result, not an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_steps: int = Field(default=100, ge=1)
    """Decisions of the model."""
    max_seconds: float | None = Field(default=None, gt=0)
    """Time of the whole run's work, model calls included; that in which people are waited for does not count."""
    max_cost: float | None = Field(default=None, gt=0)
    """US$ for the model's calls, as far as prices are known."""
    max_tokens: int | None = Field(default=None, gt=0)
    """Tokens of all prompts and answers."""
    max_failures: int = Field(default=3, ge=1)
    """Failed steps in a row; that what is waited for does not come is no failure."""
    patience: Patience = Patience()
    """When a run that goes round in circles is told so, and ended."""
    max_actions_per_step: int = Field(default=10, ge=1)
    """Actions of one decision."""
    step_timeout: float = Field(default=180.0, gt=0)
    """Time for looking and acting in one step; the model's time is not counted."""
    vision: Literal["auto", "always", "never"] = "auto"
    """When a picture goes along: `auto` at the first look at a site, where text tells too little, where nothing helps,
    and where an action asks for one."""
    image_detail: Literal["auto", "low", "high"] = "auto"
    """How large pictures are: `high` as the model can use, `auto` up to about 1,600 tokens, `low` 512 pixels wide."""
    record_pictures: bool = True
    """A picture of every step for the report, whether or not the model is shown one."""
    memory_tokens: int = Field(default=8000, ge=500)
    """Budget for what happened before, in the prompt. Tasks that this one follows, and what people have said since it
    began, may take an eighth of it each besides; the latest is kept whole, and how many are left out is said."""
    thinking: Literal["full", "brief", "none"] = "full"
    """What the model writes besides actions: evaluation, memory and goal; memory and goal; nothing."""
    workspace: Annotated[Path, AfterValidator(_expanded)] | None = None
    """Folder for files that the agent reads and writes; else one in the store, shared by runs that follow others."""
    extra_instructions: str = ""
    """More rules for the model."""
    model_timeout: float | None = Field(default=None, gt=0)
    """Time for one answer of the model, with all that it takes to get it; the model's own limits hold besides."""
    judge: bool = False
    """A second look by the page model before `done` counts."""
    output_checks: tuple[Callable[..., Any], ...] = Field(default=(), exclude=True)
    """Called with what `done` gives; what one returns or raises (ValueError) as a text goes back to the model."""
    ask: Callable[..., Any] | None = Field(default=None, exclude=True)
    """Answers the model's questions: a Question in, a text out, async or not. Without it none are asked."""
    approve: Callable[..., Any] | Literal["ask"] | None = Field(default=None, exclude=True)
    """Gives consent to what changes something: an Approval in; True, "yes", or a refusal that the model reads. "ask"
    asks through `ask` about what looks as if it could not be undone."""
    pause_on: tuple[Kind, ...] = ()
    """Walls that are handed to a person before the model is asked: through `ask`, else the run waits for `proceed`,
    and its browser has to have a window. Any of `captcha`, `bot check`, `consent`, `sign-in`."""
    before_step: Callable[..., Any] | None = Field(default=None, exclude=True)
    """Called with each Observation before the model is asked, async or not; what it raises ends the run."""
    after_step: Callable[..., Any] | None = Field(default=None, exclude=True)
    """Called with each Step when it is in the log, async or not; what it raises ends the run."""
    first_actions: tuple[dict[str, Any], ...] = ()
    """Keyed actions that are carried out in a step of their own before the model is asked: `({"click": {...}},)`."""

    @property
    def callables(self) -> list[str]:
        """The names of the settings that are functions, which no log can hold."""
        return [name for name, info in type(self).model_fields.items() if info.exclude and getattr(self, name)]

    @model_validator(mode="after")
    def _somebody_is_asked(self) -> Self:
        if self.approve == "ask" and self.ask is None:
            raise ValueError('approve="ask" needs somebody: give ask')
        return self
