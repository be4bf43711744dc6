"""The EBS volumes that servers, images and requests for servers describe."""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Configuration, Resource
from policies.library.values import UnknownValue, label_of

DEFAULT = "aws_ebs_encryption_by_default"
DESCRIBED_IN = ("root_block_device", "ebs_block_device", "block_device_mappings", "block_device_mapping")
"""The blocks that describe volumes, or devices that may be volumes."""

_SPECIFICATIONS = ("launch_specification", "instance_configuration")
"""The blocks of requests and recipes that describe servers."""


def volumes(resource: Resource) -> Iterator[Block]:
    """The volumes that a resource describes. Raises UnknownValue if how many is unknown."""
    yield from _volumes(resource)
    for name in _SPECIFICATIONS:
        for specification in resource.blocks(name):
            yield from _volumes(specification)


def _volumes(block: Block) -> Iterator[Block]:
    for name in ("root_block_device", "ebs_block_device"):
        yield from block.blocks(name)
    for name in ("block_device_mappings", "block_device_mapping"):
        for mapping in block.blocks(name):
            yield from mapping.blocks("ebs")


def is_encrypted(volume: Block, *, by_default: bool) -> bool:
    """Whether a volume is encrypted, `by_default` if it does not say. One of a snapshot is, if the snapshot is.

    Raises UnknownValue.
    """
    is_of_snapshot = volume.has("snapshot_id") and not volume.has("encrypted")
    if is_of_snapshot and not by_default:
        raise UnknownValue(label_of(volume.get("snapshot_id")), f"{volume.place}.snapshot_id", "the snapshot decides")
    return volume.flag("encrypted", default=by_default)


def is_encrypted_by_default(configuration: Configuration) -> bool:
    """Whether the configuration makes the account encrypt every new volume. Raises UnknownValue."""
    return any(switch.flag("enabled", default=True) for switch in configuration.of_type(DEFAULT))
