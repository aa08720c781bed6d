"""Asking the person whom the run is for."""

from webhand.controller.action import ActionContext, Family, Question
from webhand.errors import ActionError

family = Family()


@family.action(changes=False, person=True)
async def ask(question: str, context: ActionContext) -> str:
    """Ask the person for a code, a choice, a sign-in by hand."""
    if context.ask is None:
        raise ActionError("nobody is there to be asked; go on without, or end with done and say what is missing")
    answer = context.ask(Question(id="", text=question))
    return f"the person answers: {answer if isinstance(answer, str) else await answer}"
