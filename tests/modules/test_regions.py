"""Every region: what is synthesized names no other region and no other partition."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from envs.load import load
from envs.settings import Settings
from envs.settings.regions import REGIONS, global_region, partition_of, zones_of
from modules.common.names import Names

_REGION = re.compile(r"\b(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(?:[a-z]+-)+\d\b")
_ARN = re.compile(r"\barn:([\w-]+):")

OTHER_PARTITION = ("us-gov-west-1", "aws-us-gov")
"""No region that settings and names allow: a property of the constructs, which take the partition from the region."""


def _settings(region: str) -> Settings:
    """The settings of prod in another region, which is also in the names of zones and hosts."""
    values = json.dumps(load("prod").model_dump()).replace("us-east-1", region)
    values = values.replace("arn:aws:", f"arn:{partition_of(region)}:")
    if region in REGIONS:
        return Settings.model_validate_json(values)
    here = load("prod")
    network = here.network.model_copy(update={"zones": tuple(f"{region}{letter}" for letter in "abc")})
    reporting = here.streaming.reporting.model_copy(
        update={"tableau_principal_arn": json.loads(values)["streaming"]["reporting"]["tableau_principal_arn"]}
    )
    streaming = here.streaming.model_copy(update={"reporting": reporting})
    channels = tuple(
        channel.model_copy(update={"domains": tuple(each.replace("us-east-1", region) for each in channel.domains)})
        for channel in here.channels
    )
    changes = {"region": region, "network": network, "streaming": streaming, "channels": channels}
    return here.model_copy(update=changes)


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """A function: all that is synthesized for prod in a region, without what is there for readers only."""
    from main import synthesize

    def synthesized(region: str) -> str:
        directory: Path = tmp_path_factory.mktemp("region")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Names, "__post_init__", lambda _: None)
            synthesize([_settings(region)], directory)
        documents = [json.loads(file.read_bytes()) for file in sorted(directory.glob("stacks/*/cdk.tf.json"))]
        assert len(documents) == 2
        return "\n".join(text for document in documents for text in _texts(document))

    return synthesized


def _texts(value: Any) -> Iterator[str]:
    """All texts, but those of the provider of the region that Route 53 is in, and of what it makes."""
    if isinstance(value, Mapping):
        if isinstance(value.get("alias"), str) or str(value.get("provider")).startswith("aws."):
            return
        for key, each in value.items():
            if key not in ("//", "description"):
                yield key
                yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


@pytest.mark.parametrize("region", ["eu-central-1", OTHER_PARTITION[0]])
def test_nothing_names_another_region_or_partition(texts: Callable[[str], str], region: str) -> None:
    text = texts(region)
    assert set(_ARN.findall(text)) == {partition_of(region)}
    # Where IAM and Route 53 say that they are called, of which the roles of CI speak.
    for elsewhere in (sorted({region, global_region(region)}), global_region(region)):
        text = text.replace(f'"aws:RequestedRegion": {json.dumps(elsewhere)}', "")
    assert set(_REGION.findall(text)) == {region}


def test_partitions() -> None:
    assert [partition_of(region) for region in ("us-east-1", "us-gov-east-1", "cn-north-1")] == [
        "aws",
        "aws-us-gov",
        "aws-cn",
    ]
    assert {partition_of(region) for region in REGIONS} == {"aws"}
    assert all(len(zones_of(region)) >= 3 for region in REGIONS)
