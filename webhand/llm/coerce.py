"""Bringing a JSON value into the shape that a schema wants, by repairs of form that cannot change its meaning. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from webhand.llm.candidates import candidates
from webhand.llm.json_value import MAX_LEVELS, Json, JsonObject, TooDeep, kind_of, same, shown
from webhand.llm.lenient import parse
from webhand.llm.misfit import Misfit, wants
from webhand.llm.scalars import check_bounds, integer, number
from webhand.llm.shape import Shape

DECODES = 3

_PAIR = {"key", "value"}


def coerce(value: Json, shape: Shape) -> Json:
    """The value as the shape wants it: unknown keys dropped, defaults not filled in.

    Raises `Misfit`, `Cut` where a text inside holds the beginning of an object or list, and `TooDeep`.
    """
    return _Fitting().fit(value, shape, 0)


@dataclass(frozen=True)
class _Fit:
    value: Json


class _Fitting:
    def __init__(self) -> None:
        # A union tries its members one after the other: without a memory a deep value in a recursive schema would
        # be looked at again and again. None stands for "being looked at". The value is kept to keep its identity.
        self._known: dict[tuple[int, int], tuple[Json, _Fit | Misfit | None]] = {}

    def fit(self, value: Json, shape: Shape, level: int) -> Json:
        if level > MAX_LEVELS:
            raise TooDeep
        if not isinstance(value, dict | list | str):
            return self._judged(value, shape, level)
        key = (id(value), id(shape))
        if key not in self._known:
            self._known[key] = (value, None)
            self._known[key] = (value, self._outcome(value, shape, level))
        match self._known[key][1]:
            case _Fit(fitting):
                return fitting
            case Misfit(reason=reason, path=path):
                raise Misfit(reason, path)
            case None:
                raise Misfit("the value leads back to itself")

    def _outcome(self, value: Json, shape: Shape, level: int) -> _Fit | Misfit:
        try:
            return _Fit(self._judged(value, shape, level))
        except Misfit as misfit:
            return Misfit(misfit.reason, misfit.path)

    def _judged(self, value: Json, shape: Shape, level: int) -> Json:
        fitting = self._formed(value, shape, level)
        if shape.allowed is not None and not any(same(fitting, one) for one in shape.allowed):
            raise Misfit(f"{shown(value)} is none of {', '.join(map(shown, shape.allowed[:20]))}")
        check_bounds(fitting, shape)
        return fitting

    def _formed(self, value: Json, shape: Shape, level: int) -> Json:
        if shape.actions:
            return self._action(value, shape, level)
        if shape.choices:
            return self._chosen(value, shape, level)
        match shape.kind:
            case "any":
                return value
            case "object":
                return self._object(value, shape, level)
            case "array":
                return self._array(value, shape, level)
            case "integer":
                return integer(value)
            case "number":
                return number(value)
            case kind:
                if kind_of(value) != kind:
                    raise wants(kind, value)
                return value

    def _object(self, value: Json, shape: Shape, level: int) -> Json:
        match value:
            case dict():
                return self._members(value, shape, level)
            case list() if shape.is_map() and all(_is_pair(item) for item in value):
                return self._members(_from_pairs(value), shape, level)
            case [dict() as only]:
                return self._members(only, shape, level)
            case str() if not isinstance(inside := _decoded(value), str):
                return self.fit(inside, shape, level + 1)
            case _:
                raise wants("object", value)

    def _members(self, value: JsonObject, shape: Shape, level: int) -> JsonObject:
        fitting: JsonObject = {}
        for key, member in value.items():
            wanted = shape.properties.get(key, shape.extra)
            if wanted is None:
                continue
            try:
                fitting[key] = self.fit(member, wanted, level + 1)
            except Misfit as misfit:
                if member is not None or key not in shape.properties:
                    raise Misfit(misfit.reason, (key, *misfit.path)) from None
        missing = [key for key in shape.required if key not in fitting]
        if missing:
            raise Misfit(f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} missing")
        return fitting

    def _array(self, value: Json, shape: Shape, level: int) -> Json:
        match value:
            case list():
                return self._items(value, shape, level)
            case dict():
                return self._items([value], shape, level)
            case str():
                return self._listed_text(value, shape, level)
            case _:
                raise wants("array", value)

    def _listed_text(self, value: str, shape: Shape, level: int) -> Json:
        inside = _decoded(value)
        if not isinstance(inside, str):
            return self.fit(inside, shape, level + 1)
        if shape.items is not None and shape.items.actions:
            return self._items([_by_name(inside, shape.items.actions)], shape, level)
        raise wants("array", value)

    def _items(self, value: list[Json], shape: Shape, level: int) -> list[Json]:
        if shape.max_items is not None and len(value) > shape.max_items:
            raise Misfit(f"{len(value)} items, at most {shape.max_items} are allowed")
        if len(value) < shape.min_items:
            raise Misfit(f"{len(value)} items, at least {shape.min_items} are needed")
        fitting: list[Json] = []
        for place, item in enumerate(value):
            wanted = shape.first_items[place] if place < len(shape.first_items) else shape.items
            try:
                fitting.append(item if wanted is None else self.fit(item, wanted, level + 1))
            except Misfit as misfit:
                raise Misfit(misfit.reason, (place, *misfit.path)) from None
        return fitting

    def _chosen(self, value: Json, shape: Shape, level: int) -> Json:
        """The member of a union that takes the value as it is, else the first one that takes it after repairs."""
        native = [choice for choice in shape.choices if _takes(choice, value)]
        misfits: list[Misfit] = []
        fits = list(self._tried(value, native, level, misfits))
        if fits:
            return max(fits, key=lambda fit: (same(fit, value), len(fit) if isinstance(fit, dict | list) else 0))
        others = [choice for choice in shape.choices if choice not in native]
        for fit in self._tried(value, others, level, misfits):
            return fit
        furthest = max(misfits, key=lambda misfit: len(misfit.path), default=Misfit("nothing fits here"))
        if furthest.path or len(misfits) == 1:
            raise Misfit(furthest.reason, furthest.path)
        raise Misfit(f"{shown(value)} fits none of the allowed forms ({furthest.reason})")

    def _tried(self, value: Json, choices: list[Shape], level: int, misfits: list[Misfit]) -> Iterator[Json]:
        for choice in choices:
            try:
                yield self.fit(value, choice, level)
            except Misfit as misfit:
                if choice.kind != "null":
                    misfits.append(misfit)

    def _action(self, value: Json, shape: Shape, level: int) -> JsonObject:
        """An object of exactly one action, from an object with more keys or the name of an action alone."""
        match value:
            case dict():
                name = _action_name(value, shape.actions)
                return {name: self._parameters(name, value[name], shape.actions[name], level)}
            case [dict() as only]:
                return self._action(only, shape, level)
            case str():
                return self._named_action(value, shape, level)
            case _:
                raise Misfit(f"an action is wanted, got {shown(value)}")

    def _named_action(self, value: str, shape: Shape, level: int) -> JsonObject:
        inside = _decoded(value)
        if isinstance(inside, dict | list):
            fitting = self.fit(inside, shape, level + 1)
            return fitting if isinstance(fitting, dict) else {}
        return _by_name(inside if isinstance(inside, str) else value, shape.actions)

    def _parameters(self, name: str, value: Json, shape: Shape, level: int) -> Json:
        lifted: Json = value
        if shape.kind == "object" and isinstance(value, str | bool | int | float):
            inside = _decoded(value) if isinstance(value, str) else None
            if not isinstance(inside, dict | list):
                if len(shape.required) != 1:
                    raise Misfit(f"an object with the parameters is wanted, got {shown(value)}", (name,))
                lifted = _lifted(shape.required[0], value)
        try:
            return self.fit(lifted, shape, level + 1)
        except Misfit as misfit:
            raise Misfit(misfit.reason, (name, *misfit.path)) from None


def _by_name(name: str, actions: Mapping[str, Shape]) -> JsonObject:
    if name not in actions:
        raise Misfit(f"{shown(name)} is no action; the actions are {_listed(actions)}")
    if not actions[name].needs_nothing():
        raise Misfit(f"the action {name} needs parameters")
    return {name: {}}


def _lifted(name: str, value: Json) -> JsonObject:
    return {name: value}


def _action_name(value: JsonObject, actions: Mapping[str, Shape]) -> str:
    given = {key: member for key, member in value.items() if member is not None}
    unknown = [key for key, member in given.items() if key not in actions and isinstance(member, dict | list)]
    if unknown:
        raise Misfit(f"{shown(unknown[0])} is no action; the actions are {_listed(actions)}")
    named = [key for key in given if key in actions]
    if len(named) != 1:
        found = f"both {_listed(named)}" if named else "none"
        raise Misfit(f"exactly one action is wanted, got {found}; the actions are {_listed(actions)}")
    return named[0]


def _decoded(text: str) -> Json:
    """The value that a text holds as JSON; the text itself, without quotes around it, where it holds none.

    Raises `Cut` where the text is the beginning of an object or list.
    """
    for _ in range(DECODES):
        stripped = text.strip()
        parsed = parse(stripped, repairs=True)
        if parsed is None and stripped.startswith(("{", "[")):
            candidates(stripped, begins=True)
        if parsed is None:
            return text
        if not isinstance(parsed.value, str):
            return parsed.value
        text = parsed.value
    return text


def _takes(shape: Shape, value: Json) -> bool:
    """Whether the shape is for values of this type, without any repair."""
    kind = kind_of(value)
    return bool(shape.choices) or shape.kind in ("any", kind) or (shape.kind == "number" and kind == "integer")


def _is_pair(item: Json) -> bool:
    return isinstance(item, dict) and item.keys() == _PAIR and isinstance(item["key"], str)


def _from_pairs(pairs: list[Json]) -> JsonObject:
    """A map that a strict schema could only ask for as a list of keys and values."""
    found: JsonObject = {}
    for pair in pairs:
        if isinstance(pair, dict) and isinstance(key := pair["key"], str):
            if key in found and not same(found[key], pair["value"]):
                raise Misfit(f"the key {shown(key)} has two values")
            found[key] = pair["value"]
    return found


def _listed(names: Mapping[str, object] | list[str]) -> str:
    return ", ".join(list(names)[:40])
