"""The volumes that are described, and the account's default."""

from __future__ import annotations

import pytest

from policies.library.volumes import is_encrypted_by_default, volumes
from tests.support.hcl import resource
from tests.support.reading import Load
from tests.support.rules import RULES

VOLUME = {"encrypted": False}


@pytest.mark.parametrize(
    ("kind", "described"),
    [
        ("aws_instance", {"root_block_device": VOLUME, "ebs_block_device": [VOLUME, VOLUME]}),
        ("aws_launch_template", {"block_device_mappings": [{"ebs": VOLUME}, {"ebs": VOLUME}, {"ebs": VOLUME}]}),
        (
            "aws_spot_fleet_request",
            {"launch_specification": [{"root_block_device": VOLUME, "ebs_block_device": VOLUME}] * 2},
        ),
        (
            "aws_imagebuilder_container_recipe",
            {"instance_configuration": {"block_device_mapping": [{"ebs": VOLUME}] * 3}},
        ),
    ],
)
def test_volumes_are_found_wherever_they_are_described(load: Load, kind: str, described: dict[str, object]) -> None:
    configuration = load(resource(f"{kind}.r", **described))
    assert len(list(volumes(configuration.resources[f"{kind}.r"]))) >= 3


def test_the_default_of_the_account_encrypts(load: Load) -> None:
    volume = resource("aws_ebs_volume.v", size=8)
    for default, is_on in (("", False), (resource("aws_ebs_encryption_by_default.d"), True)):
        configuration = load(volume + default)
        assert is_encrypted_by_default(configuration) is is_on
        judged = {each.address: found for each, found in RULES["CKV2_MEALS_160"].judge(configuration)}
        assert bool(judged["aws_ebs_volume.v"]) is not is_on
