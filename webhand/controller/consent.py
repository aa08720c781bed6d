"""What counts as somebody's consent. Pure."""

YES = frozenset(("y", "yes", "ok", "okay", "allow", "go", "go ahead", "true", "ja", "oui", "si", "sí"))
"""Words that are one; every other text is a refusal, and the model reads it."""


def consents(verdict: bool | str) -> bool:
    """Whether this lets an action be carried out."""
    return verdict is True or (isinstance(verdict, str) and verdict.strip().casefold().rstrip(".!") in YES)
