"""Asking for optional fields outright where a dialect takes only so many of them. Pure."""

from webhand.llm.json_value import JsonObject
from webhand.llm.schema_size import nodes, optional_fields, required_fields

PLAIN = ("boolean", "integer", "number")
"""Types whose default a model can as well write down. A text that is left out says something by that."""


def fit_optionals(schema: JsonObject, most: int | None) -> None:
    """Make optional fields of a compiled schema required, the plainest first, until `most` of them are left.

    What is left over is refused by its size. A field that is asked for outright costs a few tokens in each answer; a
    schema that is refused costs the certainty that answers fit.
    """
    surplus = sum(len(optional_fields(node)) for node in nodes(schema)) - (most or 0)
    for kind in PLAIN:
        for node in nodes(schema):
            for name, member in optional_fields(node).items():
                if most is not None and surplus > 0 and member.get("type") == kind:
                    node["required"] = [*required_fields(node), name]
                    surplus -= 1
