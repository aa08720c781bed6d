"""References within a JSON schema: `#`, `#/$defs/Name`. Pure."""

from urllib.parse import unquote

from webhand.errors import InvalidSetting
from webhand.llm.json_value import Json, JsonObject


def pointed_at(root: JsonObject, reference: Json) -> Json:
    """What a `$ref` stands for; raises `InvalidSetting` where it leads nowhere or out of the schema."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise InvalidSetting(f"The schema refers to {reference!r}; only references within it (#/$defs/...) work")
    found: Json = root
    for step in unquote(reference[1:]).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            raise InvalidSetting(f"The schema refers to {reference}, which it does not contain")
        found = found[name]
    return found
