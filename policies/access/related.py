"""Which other things an answer about one depends on: the key that encrypts it, the bucket behind an access point, and
the access points in front of a bucket, through which its objects are reached too.

Source: S3 user guide, "Managing access to shared datasets with access points": a request through one is decided by its
policy and by that of the bucket.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from policies.access.model import Thing


def in_front(things: Iterable[Thing]) -> Mapping[str, tuple[Thing, ...]]:
    """The access points of each bucket that has some, by the bucket's key."""
    found: dict[str, list[Thing]] = defaultdict(list)
    for each in things:
        if each.behind:
            found[each.behind].append(each)
    return {key: tuple(several) for key, several in found.items()}


def related(things: Mapping[str, Thing]) -> Mapping[str, tuple[str, ...]]:
    """For each thing the keys of all others, in any number of steps, on which an answer about it depends."""
    direct = {key: [other for other in (*each.encryption_keys, each.behind) if other] for key, each in things.items()}
    for key, points in in_front(things.values()).items():
        if key in direct:
            direct[key] += [each.key for each in points]
    return {key: _reached(key, direct) for key in things}


def _reached(key: str, direct: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = dict.fromkeys(direct[key])
    todo = list(found)
    for each in todo:  # grows
        for other in direct.get(each, ()):
            if other not in found and other != key:
                found[other] = None
                todo.append(other)
    return tuple(found)
