"""Moving resources from an environment's stack to its bootstrap stack, without destroying them.

`addresses.json` lists what moves. The bootstrap stack imports it, with the ids in the environment's state; after that
the environment's stack forgets it (`removed` blocks, `destroy = false`). In the other order nobody would know the ids,
and the bootstrap stack would make a second hosted zone: so an apply that forgets is refused until the import is done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from cli.core.base.files import write_whole
from cli.core.operations.open_stack import OpenStack
from cli.core.operations.refusals import NotTakenOver
from cli.core.plans.model import Kind, Plan
from cli.core.records import Record
from cli.core.records.model import StackRecord
from cli.core.records.queries import successful_applies
from cli.core.synthesis import address_check
from cli.core.synthesis.publish import BOOTSTRAP
from cli.core.terraform import imports
from cli.core.workspace.options import Options
from cli.core.workspace.workspace import Workspace, open_workspace


def moves_to_bootstrap() -> dict[str, str]:
    """What moves from the environment's stack to the bootstrap stack: old addresses by new ones."""
    return address_check.load().moved_between("environment", "bootstrap")


def take_over(stack: OpenStack, options: Options) -> dict[str, str]:
    """Leave import blocks for what is in the environment's state and moves to the bootstrap stack that is open.

    Returns the import ids by address in the bootstrap stack. The next plan of that stack shows the imports. The
    environment's state is read only where something is missing, and not before its bucket was made.
    """
    bootstrap, settings = stack.workspace, stack.workspace.settings
    document = json.loads(bootstrap.configuration.read_bytes())["resource"]
    moves = {new: old for new, old in moves_to_bootstrap().items() if _body(document, new) is not None}
    bootstrap.init()
    known = bootstrap.terraform.position().addresses
    buckets = {
        f"aws_s3_bucket.{name}"
        for name, body in document["aws_s3_bucket"].items()
        if body["bucket"] == settings.state_bucket
    }
    if moves.keys() <= known or not buckets <= known:
        return {}
    stack.progress.step("reading the environment's state")
    source = stack.synthesized / "stacks" / settings.environment
    with open_workspace(settings, source, options, stack.progress, is_ephemeral=True) as environment:
        environment.init()
        ids = environment.terraform.position().ids
    import_ids = import_ids_of(
        document, {new: ids[old] for new, old in moves.items() if new not in known and old in ids}
    )
    _add_imports(bootstrap, import_ids)
    return import_ids


def import_ids_of(document: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, str]:
    """By what resources are imported, by address, given the `resource` part of a stack and their ids."""
    import_ids = {
        address: imports.import_id(address.partition(".")[0], id_, _body(document, address) or {})
        for address, id_ in ids.items()
    }
    return {address: import_id for address, import_id in import_ids.items() if import_id is not None}


def require_taken_over(plan: Plan, records: Iterable[Record[StackRecord]], moves: Mapping[str, str]) -> None:
    """Raise `NotTakenOver` where a plan forgets what the bootstrap stack has not imported, by the records."""
    forgotten = {change.address for change in plan.of(Kind.FORGET)}
    applies = successful_applies(records, f"{plan.environment}{BOOTSTRAP}")
    imported = {address for record in applies for address in record.data.plan.changes}
    missing = sorted(old for new, old in moves.items() if old in forgotten and new not in imported)
    if missing:
        raise NotTakenOver(
            f"the bootstrap stack of {plan.environment} has not taken over {', '.join(missing)}; if the environment "
            f"forgot this first, its id would be lost: run infra bootstrap {plan.environment}, then infra plan "
            f"{plan.environment}"
        )


def _body(document: Mapping[str, Any], address: str) -> Mapping[str, Any] | None:
    """The arguments of a resource; None where the stack has none at this address."""
    type_, _, name = address.partition(".")
    body: Mapping[str, Any] | None = document.get(type_, {}).get(name)
    return body


def _add_imports(workspace: Workspace, import_ids: Mapping[str, str]) -> None:
    """Add import blocks to those that `infra recover` may have left."""
    file = workspace.directory / imports.FILE
    present = file.read_text(encoding="utf-8") if file.is_file() else ""
    known = imports.addresses(present) | workspace.declared_imports()
    new = {address: id_ for address, id_ in import_ids.items() if address not in known}
    if new:
        write_whole(file, (present + imports.blocks(new)).encode())
