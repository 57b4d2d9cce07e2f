"""CKAN's validation of many entries by one schema: the same answers, the schema prepared once.

CKAN flattens and sorts a schema anew for each entry, and ckanext-scheming builds it anew; for a sheet of
thousands that is most of the work. Here the schema is built once, and what it means for an entry depends on
the entry's keys alone (so many items, so many keywords), which many entries share. The validators themselves
are CKAN's, run in CKAN's order. An entry that they object to is examined again by CKAN's own ``validate``,
so that every objection is its own. Source: ``ckan.lib.navl.dictization_functions`` of CKAN 2.12.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan.lib.navl import dictization_functions as navl
from ckan.lib.plugins import plugin_validate
from ckan.types import Context
from ckanext.scheming import plugins as scheming

Document = dict[str, Any]
Key = tuple[Any, ...]
Validator = Callable[..., Any]
Step = tuple[Key, tuple[tuple[Validator, int], ...]]

_SHAPES = 256
"""Shapes of entries that are remembered at a time: some 20 kB each."""


@dataclass(slots=True)
class _Shape:
    """What the schema means for entries with the same keys."""

    steps: list[Step]
    """In CKAN's order: before, fields, extras, after, junk."""
    keys: list[Key]
    missing: list[Key]
    extras: list[tuple[Key, Key]]
    """(key in the data, where it is collected) of what the schema does not name."""
    junk: list[Key]
    forbidden: list[Key]
    """Keys under which only lists of dictionaries may stand."""


@dataclass(slots=True)
class Prepared:
    """A schema that many entries are validated by.

    ``instead``: validators to be replaced by others. ``judging``: whether objections are wanted; who shows an
    entry throws them away.
    """

    schema: dict[str, Any]
    instead: Mapping[Validator, Validator] = field(default_factory=dict)
    judging: bool = True
    _shapes: dict[tuple[Key, ...], _Shape] = field(default_factory=dict)

    def validate(self, data: Document, context: Context) -> tuple[Document, Document]:
        """(converted, objections by field) as :func:`ckan.lib.navl.dictization_functions.validate`.

        Without ``judging`` there are never any objections.
        """
        flat = navl.flatten_dict(data, schema=self.schema)
        shape = self._shape_of(flat)
        if any(flat[key] != [] for key in shape.forbidden):
            return navl.validate(data, self.schema, context)  # raises what CKAN raises
        inner = Context(context, schema_keys=list(self.schema.keys()))
        _augment(flat, shape)
        errors: dict[Key, list[Any]] = {key: [] for key in shape.keys}
        for key, validators in shape.steps:
            try:
                for validator, arguments in validators:
                    _convert(validator, arguments, key, flat, errors, inner)
            except navl.StopOnError:
                continue
        if self.judging and any(errors.values()):
            return navl.validate(data, self.schema, context)
        converted = navl.unflatten(flat)
        for name in [name for name, value in data.items() if value == []]:
            converted.setdefault(name, [])
        return converted, {}

    def _shape_of(self, flat: dict[Key, Any]) -> _Shape:
        names = tuple(flat)
        shape = self._shapes.get(names)
        if shape is None:
            if len(self._shapes) >= _SHAPES:
                self._shapes.clear()
            shape = self._shapes[names] = self._shape(flat)
        return shape

    def _shape(self, flat: dict[Key, Any]) -> _Shape:
        flattened = navl.flatten_schema(self.schema)
        beginnings = {key[:length] for key in flattened for length in range(len(key) + 1)}
        places = navl.get_all_key_combinations(flat, flattened)
        full = navl.make_full_schema(flat, self.schema)
        extras, junk, forbidden = [], [], []
        for key in flat:
            if key in full:
                continue
            if key[::2] in beginnings:
                forbidden.append(key)
            if key[:-1] in places:
                extras.append((key, (*key[:-1], "__extras")))
            else:
                junk.append(key)
        missing = [key for key in full if key not in flat and not key[-1].startswith("__")]
        return _Shape(self._steps(full), list(full), missing, extras, junk, forbidden)

    def _steps(self, full: dict[Key, list[Validator]]) -> list[Step]:
        ordered = sorted(full, key=navl.flattened_order_key)
        keys = [key for key in ordered if key[-1] == "__before"]
        keys += [key for key in ordered if not key[-1].startswith("__")]
        keys += [key for key in ordered if key[-1] == "__extras"]
        keys += [key for key in reversed(ordered) if key[-1] == "__after"]
        keys += [key for key in ordered if key == ("__junk",)]
        return [(key, tuple(map(self._known, full[key]))) for key in keys if full[key]]

    def _known(self, validator: Validator) -> tuple[Validator, int]:
        used = self.instead.get(validator, validator)
        return used, used.__code__.co_argcount


def _augment(flat: dict[Key, Any], shape: _Shape) -> None:
    """Move what the schema does not name, and add what is missing, in place."""
    collected: dict[Key, dict[Any, Any]] = {}
    for key, place in shape.extras:
        collected.setdefault(place, {})[key[-1]] = flat[key]
    if shape.junk:
        flat["__junk",] = {key: flat[key] for key in shape.junk}
    flat |= collected
    for key, _place in shape.extras:
        del flat[key]
    for key in shape.junk:
        del flat[key]
    for key in shape.missing:
        flat[key] = navl.missing


def _convert(
    validator: Validator,
    arguments: int,
    key: Key,
    flat: dict[Key, Any],
    errors: dict[Key, list[Any]],
    context: Context,
) -> None:
    try:
        if arguments == 4:
            validator(key, flat, errors, context)
        elif arguments == 1:
            flat[key] = validator(flat.get(key))
        elif arguments == 2:
            flat[key] = validator(flat.get(key), context)
        else:
            raise TypeError(f"{validator.__name__} takes {arguments} arguments instead of 1, 2 or 4")
    except navl.Invalid as error:
        errors[key].append(error.error)


@dataclass(slots=True)
class Batch:
    """Validates entries as ``plugin_validate`` does, each kind of entry by a schema prepared once."""

    instead: Mapping[Validator, Validator] = field(default_factory=dict)
    judging: bool = True
    _prepared: dict[tuple[str, str], tuple[Prepared, list[str]] | None] = field(default_factory=dict)

    def validate(
        self, plugin: Any, context: Context, data: Document, make_schema: Callable[[], Any], action: str
    ) -> tuple[Document, Document]:
        """As ``plugin_validate(plugin, context, data, make_schema(), action)``; ``data`` may be changed."""
        kind = (str(data.get("type")), action)
        if kind not in self._prepared:
            self._prepared[kind] = self._prepare(plugin, data, make_schema(), action)
        found = self._prepared[kind]
        if found is None:
            return plugin_validate(plugin, context, data, make_schema(), action)  # type: ignore[no-any-return]
        prepared, composite = found
        _compose(data, composite, action)
        return prepared.validate(data, context)

    def _prepare(
        self, plugin: Any, data: Document, schema: Any, action: str
    ) -> tuple[Prepared, list[str]] | None:
        """The schema that ckanext-scheming makes for entries of this type; None for any other plugin's."""
        original = scheming.SchemingDatasetsPlugin.validate
        if getattr(type(plugin), "validate", None) is not original:
            return None
        made: list[dict[str, Any]] = []

        def collect(_data: Document, schema: dict[str, Any], _context: Context) -> tuple[Document, Document]:
            made.append(schema)
            return {}, {}

        # The very code of ckanext-scheming, with a function that keeps the schema instead of using it.
        names = {**original.__globals__, "navl_validate": collect}
        building = types.FunctionType(original.__code__, names, original.__name__, original.__defaults__)
        building(plugin, {}, {"type": data.get("type")}, schema, action)
        if not made:
            return None  # a type that it does not know
        known = plugin._expanded_schemas[data["type"]]
        if any("repeating_subfields" in one for one in known["resource_fields"]):
            return None
        composite = [one["field_name"] for one in known["dataset_fields"] if "repeating_subfields" in one]
        return Prepared(made[0], self.instead, self.judging), composite


def _compose(data: Document, composite: list[str], action: str) -> None:
    """What ckanext-scheming does with composite fields before it validates."""
    if action.endswith("_show"):
        kept = []
        for extra in data.get("extras") or []:
            if extra["key"] in composite:
                data[extra["key"]] = json.loads(extra["value"])
            else:
                kept.append(extra)
        if composite and data.get("extras"):
            data["extras"] = kept
    elif composite:
        scheming.expand_form_composite(data, set(composite))
