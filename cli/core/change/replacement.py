"""What Terraform replaces: destroys, with all that it holds, and makes anew.

Without a plan the arguments tell it, as far as `replacement_facts` knows them. Of what it does not know, a replacement
is possible. With a plan nothing of this is asked: its own actions are the truth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeAlias

from cli.core.change.replacement_facts import ANY, Forcing, forcing, has_region, premise
from policies.library.model import Configuration, Resource
from policies.library.terraform.addresses import without_indexes
from policies.library.values import Linked, Reference, Value, references, unknowns, written


@dataclass(frozen=True)
class Replaced:
    """A resource that is replaced, or may be."""

    resource: Resource
    """As it is afterwards, or in a plan as it was."""
    arguments: tuple[str, ...]
    """What forces it."""
    is_certain: bool
    follows: bool = False
    """Whether it is replaced because it refers to something else that is."""


_Pair: TypeAlias = tuple[Resource, Resource]
"""A resource before and after."""


@dataclass(frozen=True)
class _Difference:
    """A value that differs, by its path without indexes."""

    path: str
    past: Value
    now: Value
    block: str = ""
    """The path of the block that comes or goes with it; empty where it stands in one that stays."""


def replaced(before: Configuration, after: Configuration) -> Iterator[Replaced]:
    """What is at the same address on both sides and is not the same resource, or may not be: something forces a new
    one that differs, or that refers to what is replaced."""
    pairs = {
        address: (past, now)
        for address, past in before.resources.items()
        for now in [after.resources.get(address)]
        if now is not None and now.type == past.type and not now.type.startswith("data.")
    }
    found: dict[str, Replaced] = {}
    for past, now in pairs.values():
        _add(found, now, [*_own(past, now), *_elsewhere(before, past, after, now)])
    data = [each for each in after.resources.values() if each.type.startswith("data.")]
    added = True
    while added:  # what refers to what is replaced may be referred to itself
        reread = _reread(data, pairs, found)
        added = False
        for _, now in pairs.values():
            reasons = [*_following(now, pairs, found, reread), *_triggered(now, pairs, found)]
            added |= _add(found, now, reasons, follows=True)
    yield from (found[address] for address in sorted(found))


def _add(
    found: dict[str, Replaced], now: Resource, reasons: Iterable[tuple[str, bool]], *, follows: bool = False
) -> bool:
    """Note what forces a resource to be replaced: what is certain to, else what may. Whether that is new."""
    every = list(dict.fromkeys(reasons))
    is_certain = any(certain for _, certain in every)
    known = found.get(now.address)
    if not every or (known is not None and (known.is_certain or not is_certain)):
        return False
    arguments = dict.fromkeys(text for text, certain in every if certain or not is_certain)
    found[now.address] = Replaced(now, tuple(arguments), is_certain, follows)
    return True


def _own(past: Resource, now: Resource) -> Iterator[tuple[str, bool]]:
    """The arguments of a resource that differ and force a new one, each with whether it is certain to."""
    for each in _differences(past.attributes, now.attributes):
        known = forcing(now.type)
        if each.path == "region" or _is_ignored(now, each.path) or _is_ruled_out(now, each.path):
            continue  # see `_elsewhere`
        if known is None:
            yield f"the arguments of {now.type} are not known", False
            return
        is_certain = _forces(known, each)
        if is_certain is not None:
            yield each.path, is_certain


def _is_ignored(resource: Resource, path: str) -> bool:
    """Whether Terraform leaves an argument as it is."""
    ignored = [without_indexes(_KEY.sub(r".\1", each)) for each in resource.lifecycle.ignores]
    return "all" in ignored or any(f"{path}.".startswith(f"{each}.") for each in ignored)


def _is_ruled_out(resource: Resource, path: str) -> bool:
    """Whether another argument says that one does not force a new resource."""
    rests_on = premise(resource.type, path)
    if rests_on is None:
        return False
    value = resource.get(rests_on.argument)
    value = rests_on.default if value is None else value
    return not any(True for _ in unknowns(value)) and _text(value) != _text(rests_on.value)


def _elsewhere(
    before: Configuration, past: Resource, after: Configuration, now: Resource
) -> Iterator[tuple[str, bool]]:
    """Whether a resource is in another region than before."""
    if has_region(now.type):
        old, new = _region(before, past), _region(after, now)
        if written(old) != written(new):
            yield "region", isinstance(old, str) and isinstance(new, str)


def _region(configuration: Configuration, resource: Resource) -> Value:
    """The region of a resource: its own, else that of the provider that makes it."""
    own = resource.get("region")
    provider = configuration.providers.get(resource.provider or "aws")
    return own if own is not None or provider is None else provider.get("region")


def _differences(past: Value, now: Value, path: str = "", block: str = "") -> Iterator[_Difference]:
    """What differs between two values; of a block that comes or goes the block, and all that is in it."""
    if written(past) == written(now):
        return
    old, new = _blocks(past), _blocks(now)
    if old is None or new is None:
        yield _Difference(path, past, now, block)
        return
    if len(old) != len(new):
        yield _Difference(path, past, now, block)
    for one, other in _paired(old, new):
        within = block or ("" if one and other else path)
        for name in sorted({*one, *other}):
            yield from _differences(one.get(name), other.get(name), f"{path}.{name}" if path else name, within)


def _blocks(value: Value) -> Sequence[Mapping[str, Value]] | None:
    """The blocks that a value is, none where nothing is set; None for a value of another kind."""
    several = () if value is None else (value,) if isinstance(value, Mapping) else value
    if not isinstance(several, tuple):
        return None
    blocks = [each for each in several if isinstance(each, Mapping)]
    return blocks if len(blocks) == len(several) else None


def _paired(
    past: Sequence[Mapping[str, Value]], now: Sequence[Mapping[str, Value]]
) -> Iterator[tuple[Mapping[str, Value], Mapping[str, Value]]]:
    """The blocks that are not on both sides, in their order; what has no other stands beside an empty one."""
    old, new = ([*map(written, each)] for each in (past, now))
    gone = [each for each, text in zip(past, old, strict=True) if text not in new]
    come = [each for each, text in zip(now, new, strict=True) if text not in old]
    yield from zip_longest(gone, come, fillvalue={})


def _forces(known: Mapping[str, Forcing], each: _Difference) -> bool | None:
    """Whether a difference forces a new resource: certain to, perhaps (False), or not (None)."""
    above = [known[path] for path in _above(each.path) if path in known]
    rule = known.get(each.path) or next((one for one in above if one.is_deep), None)
    if rule is None:
        is_open = any(any(True for _ in unknowns(value)) for value in (each.past, each.now))
        return False if is_open and any(path.startswith(f"{each.path}.") for path in known) else None
    if each.path != rule.path:
        rule = replace(rule, is_kept=False, default=None)
    found = _does(rule, each.past, each.now)
    kept = [*above, known.get(each.block)] if each.block else []
    return False if found and any(one is not None and one.is_kept for one in kept) else found


def _above(path: str) -> Iterator[str]:
    """The paths of the blocks that an argument is in, the nearest first."""
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def _does(rule: Forcing, past: Value, now: Value) -> bool | None:
    """What the change of an argument from one value to another does, as `_forces` says it."""
    if rule.only_presence:
        return rule.is_certain if _is_off(past) != _is_off(now) else None
    if rule.default is not None:
        past, now = (rule.default if each is None else each for each in (past, now))
    elif rule.is_kept and written(now) in _UNSET:
        return None
    if _text(past) == _text(now) or (_is_off(past) and _is_off(now)):
        return None
    is_open = ANY in (written(past), written(now)) if rule.default == ANY else rule.is_kept and written(past) in _UNSET
    return rule.is_certain and not is_open and _differ(past, now)


def _is_off(value: Value) -> bool:
    return written(value) in _OFF


def _text(value: Value) -> Hashable:
    """A value as Terraform compares it: numbers and booleans may be written as text."""
    said = written(value)
    return str(said).lower() if isinstance(said, bool) else str(said) if isinstance(said, int | float) else said


def _differ(past: Value, now: Value) -> bool:
    """Whether two values that are not written alike are certain to differ: known ones do, if more than their order
    does, and references to other resources."""
    (old, old_ends), (new, new_ends) = (_told(each) for each in (past, now))
    if old_ends is None or new_ends is None:
        return False
    return old != new if not old_ends and not new_ends else old == new and old_ends != new_ends


def _told(value: Value) -> tuple[Counter[Hashable], Counter[str] | None]:
    """The known parts of a value, and the resources that the others are an attribute of; None for anything else."""
    parts = value if isinstance(value, tuple) else (value,)
    unknown = [each for each in parts if any(True for _ in unknowns(each))]
    ends = [each.address for each in unknown if isinstance(each, Reference) and not each.type.startswith("data.")]
    known = Counter(_text(each) for each in parts if not any(True for _ in unknowns(each)))
    return known, Counter(ends) if len(ends) == len(unknown) else None


def _reread(data: Iterable[Resource], pairs: Mapping[str, _Pair], found: Mapping[str, Replaced]) -> Collection[str]:
    """The data sources that Terraform reads when the rest is applied, as they ask about what is replaced; until then it
    is not known what they tell."""
    asked = {each.address: list(_references(each)) for each in data} if found else {}
    reread: set[str] = set()
    more = True
    while more:
        later = {
            address
            for address, several in asked.items()
            if any(each.address in reread or _is_replaced(each, pairs, found) for each in several)
        }
        more = later > reread
        reread = later
    return reread


def _references(resource: Resource) -> Iterator[Reference]:
    yield from (reference for value in resource.attributes.values() for reference in references(value))


def _is_replaced(reference: Reference, pairs: Mapping[str, _Pair], found: Mapping[str, Replaced]) -> bool:
    """Whether a value is one of something that is replaced, and another one then."""
    return reference.address in found and _is_made_anew(reference.attribute, *pairs[reference.address])


def _following(
    now: Resource, pairs: Mapping[str, _Pair], found: Mapping[str, Replaced], reread: Collection[str]
) -> Iterator[tuple[str, bool]]:
    """What of a resource refers to what is replaced, or to what is only read afterwards, and forces a new one."""
    if not found or (now.address in found and found[now.address].is_certain):
        return
    known = forcing(now.type) or {}
    for path, value in _leaves(now.attributes):
        rule = known.get(path) or next((known[each] for each in _above(path) if each in known), None)
        is_asked = not _is_ignored(now, path) and not _is_ruled_out(now, path)
        if rule is not None and not rule.only_presence and is_asked:
            for reference in references(value):
                is_plain = isinstance(value, Reference | Linked)
                if reference.address in reread:
                    yield f"{path} of {reference.address}", False
                elif _is_replaced(reference, pairs, found):
                    is_certain = found[reference.address].is_certain and rule.is_certain and is_plain
                    yield f"{path} of {reference.address}", is_certain


def _leaves(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """The values in blocks that refer to something, by their paths."""
    blocks = _blocks(value)
    if blocks is not None:
        for each in blocks:
            for name, inner in each.items():
                yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        yield from ((path, each) for each in value)
    else:
        yield path, value


def _is_made_anew(attribute: str, past: Resource, now: Resource) -> bool:
    """Whether an attribute of what is replaced is another one: what AWS gives it is, and what is written otherwise."""
    return attribute not in now.attributes or written(past.get(attribute)) != written(now.get(attribute))


def _triggered(now: Resource, pairs: Mapping[str, _Pair], found: Mapping[str, Replaced]) -> Iterator[tuple[str, bool]]:
    """The changes with which `replace_triggered_by` asks for a new resource."""
    module = now.address.rpartition(f"{now.type}.{now.name}")[0]
    for text in now.lifecycle.replaced_with:
        yield from _triggered_by(f"{module}{text}", pairs, found)


def _triggered_by(text: str, pairs: Mapping[str, _Pair], found: Mapping[str, Replaced]) -> Iterator[tuple[str, bool]]:
    """Whether a change is one that `replace_triggered_by` names: of a resource, or of an attribute of it."""
    for address, (past, now) in pairs.items():
        for end in {address, without_indexes(address)}:
            if text == end or text.startswith(f"{end}."):
                attribute = text.removeprefix(end).removeprefix(".")
                old, new = ((each.get(attribute) if attribute else each.attributes) for each in (past, now))
                if written(old) != written(new):
                    yield f"replace_triggered_by {text}", True
                elif address in found and (not attribute or _is_made_anew(attribute, past, now)):
                    yield f"replace_triggered_by {text}", found[address].is_certain


_OFF: Collection[Hashable] = (None, "", False, ())
"""What says the same as an argument that is not set; 0 too, as it is equal to False."""
_UNSET: Collection[Hashable] = (None, "", ())
"""What the provider takes for not set where it keeps what is there."""
_KEY = re.compile(r'\["([^"]*)"\]')
