"""One more rule of the gate: an attribute that every resource of a type must have."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from cli.core.base.progress import ProgressReporter
from cli.core.gate import catalog
from cli.core.new.addition import Addition, Files, finish, rendered
from cli.core.new.names import checked, new_name
from cli.core.new.refusals import DoesNotFit, NameTaken
from cli.core.synthesis.synthesize import synthesize_each
from envs.load import load
from envs.settings.types import Spelling

FOLDERS: Final[Mapping[str, str]] = {
    "channels": "secured_channels",
    "isolation": "private_isolation",
    "encryption": "encryption_at_rest",
    "keys": "customer_keys",
}
"""Where the rules of a pack are."""

_CLAIMS = {"channels": "C7", "isolation": "C1", "encryption": "C7", "keys": "C7"}
_IDS, _MUTATIONS = "tests/policies/test_rules.py", "tests/support/mutations/own.py"

RuleId = Annotated[
    str, Spelling(r"CKV2_MEALS_[5-9]\d\d", "CKV2_MEALS_500 to CKV2_MEALS_999; lower ones are the project's")
]
Type = Annotated[str, Spelling(r"aws_[a-z0-9_]{2,60}", "a resource type of the AWS provider, such as aws_lb")]
Attribute = Annotated[str, Spelling(r"[a-z][a-z0-9_]{0,60}", "the name of an attribute that is true or false")]


def new_rule(
    files: Files, progress: ProgressReporter, rule_id: str, *, pack: str, resource_type: str, attribute: str
) -> Addition:
    """Add a rule, with cases, a mutation of production that it finds, and its page.

    Raises `BadName`, `NameTaken`, `DoesNotFit` where production has nothing for it to find, and what `finish` raises.
    """
    new_name(RuleId, rule_id)
    checked(Type, resource_type, "type")
    checked(Attribute, attribute, "attribute")
    if any(rule.id == rule_id for rules in catalog.all_rules().values() for rule in rules):
        raise NameTaken(f"there is a rule {rule_id} already")
    values = {"id": rule_id, "type": resource_type, "attribute": attribute, "claim": _CLAIMS[pack]}
    path = _one_with(files, progress, resource_type, attribute)
    subject = f"{resource_type.removeprefix('aws_')}_{attribute}"
    files.create(f"policies/checks/{FOLDERS[pack]}/meals_{subject}.py", rendered("rule.py.j2", **values))
    for case in ("passing", "failing"):
        files.create(f"tests/policies/cases/{rule_id}/{case}.tf", rendered(f"{case}.tf.j2", **values))
    _add_line(files, _IDS, r"OWN_RULES: set\[str\] = \{\n", f'    "{rule_id}",\n')
    mutation = f'    "{rule_id}": ("{resource_type}", "{path}", "{attribute}"),\n'
    _add_line(files, _MUTATIONS, r"    # id of the rule: [^\n]*\n", mutation)
    return Addition(
        finish(files, progress, pages=catalog.documents), ("infra check && infra test tests/policies -k " + rule_id,)
    )


def _one_with(files: Files, progress: ProgressReporter, resource_type: str, attribute: str) -> str:
    """The construct path of a resource of the tests' production that has the attribute. Raises `DoesNotFit`."""
    settings = load("prod", directory=files.root / "tests" / "environments")
    with tempfile.TemporaryDirectory(prefix="infra-new-") as directory:
        for _, out in synthesize_each([settings], Path(directory), progress):
            document = json.loads((out / "stacks" / "prod" / "cdk.tf.json").read_bytes())
    for body in document["resource"].get(resource_type, {}).values():
        if body.get(attribute) is True:
            return str(body["//"]["metadata"]["path"]).partition("/")[2]
    raise DoesNotFit(
        f"no {resource_type} of production has {attribute} = true, so no test could see the rule find something; write "
        "the rule by hand, as CONTRIBUTING.md says"
    )


def _add_line(files: Files, path: str, after: str, line: str) -> None:
    text = files.read(path)
    place = re.search(after, text)
    if place is None:
        raise DoesNotFit(f"{path} has no line {after!r}, so the rule cannot be added to it")
    files.changed[path] = text[: place.end()] + line + text[place.end() :]
