"""Each resource notes the Python lines that make it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsii
import pytest
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from cli.core.base.source_lines import without_source_lines
from modules.runtime.source_lines import recorded_source_lines, write_source_lines
from tests.support.helpers import ROOT, Document, resource

HERE = Path(__file__).relative_to(ROOT).as_posix()


def notes(document: Mapping[str, Any]) -> dict[str, list[str]]:
    """The lines of each resource and data source, by construct path without the environment."""
    metadata = [
        body["//"]["metadata"]
        for section in ("resource", "data")
        for blocks in document[section].values()
        for body in blocks.values()
    ]
    return {each["path"].partition("/")[2]: each["sourceLines"] for each in metadata}


def test_every_resource_of_the_system_names_a_line_that_is_there(synthesized: Mapping[str, Document]) -> None:
    lines = {line for document in synthesized.values() for pair in notes(document).values() for line in pair}
    for line in lines:
        file, _, number = line.partition(":")
        assert file.startswith("modules/"), line
        assert (ROOT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip(), line


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("network/vpc/vpc", ("Vpc(",)),
        ("keys/logs/key", ("KmsKey(",)),
        ("messaging/broker", ("MqBroker(",)),
        ("streaming/data-reporting/backups/versioning", (".bucket(", "S3BucketVersioningA(")),
        ("event-store/server/launch-template/template", ("ServerTemplate(", "LaunchTemplate(")),
        ("messaging/security-group/from-core-server-5671", (".accept_from(", "VpcSecurityGroupIngressRule(")),
    ],
)
def test_lines_of_the_part_and_of_what_it_uses(
    synthesized: Mapping[str, Document], path: str, texts: tuple[str, ...]
) -> None:
    lines = notes(synthesized["dev"])[path]
    assert len(lines) == len(texts)
    for line, text in zip(lines, texts, strict=True):
        file, _, number = line.partition(":")
        assert text in (ROOT / file).read_text(encoding="utf-8").splitlines()[int(number) - 1], line


class Part(Construct):
    """A construct with a resource whose values look like the notes."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        Vpc(self, "é vpc", cidr_block="10.0.0.0/16", tags={"a": '"path": "x",\n  "uniqueId": '})


def build(outdir: Path) -> App:
    app = App(outdir=str(outdir), skip_validation=True)
    Part(TerraformStack(app, "stack"), "part")
    return app


def test_only_the_notes_are_added_and_they_can_be_taken_out_again(tmp_path: Path) -> None:
    create = jsii.create
    build(tmp_path / "plain").synth()
    with recorded_source_lines() as lines:
        build(tmp_path / "noted").synth()
    assert jsii.create is create
    write_source_lines(tmp_path / "noted", lines)

    plain, noted = ((tmp_path / name / "stacks/stack/cdk.tf.json").read_bytes() for name in ("plain", "noted"))
    assert without_source_lines(plain) == plain
    assert without_source_lines(noted) == plain
    body = resource(json.loads(noted), "aws_vpc", "part/é vpc").body
    start = inspect.getsourcelines(Part)[1]
    assert body["//"]["metadata"]["sourceLines"] == [f"{HERE}:{start + 5}"]
    assert body["tags"] == {"a": '"path": "x",\n  "uniqueId": '}


def test_an_error_while_building_leaves_jsii_as_it_was() -> None:
    create = jsii.create
    with pytest.raises(ZeroDivisionError), recorded_source_lines():
        raise ZeroDivisionError
    assert jsii.create is create
