"""Whether a state is the one that the records speak of. A plan of one that was lost would make everything once more."""

from __future__ import annotations

from cli.core.operations.refusals import StateLost
from cli.core.records.queries import lost_state
from cli.core.terraform.cli import Position
from cli.core.workspace.workspace import Workspace


def commands(workspace: Workspace) -> tuple[str, str]:
    """The command that repairs a stack, and the one that continues with it."""
    environment, option = workspace.environment, workspace.target.option
    if workspace.stack == environment:
        return f"infra recover {environment}{option}", f"infra plan {environment}{option}"
    return f"infra recover {environment} --bootstrap{option}", f"infra bootstrap {environment}{option}"


def require_state(workspace: Workspace, position: Position) -> None:
    """Raise `StateLost` when the state falls behind the records."""
    problem = lost_state(workspace.records.read(), workspace.stack, position.lineage, position.serial)
    if problem:
        raise StateLost(
            f"{workspace.stack}: {problem}. A plan would make what there is once more. Bring back the state, of which "
            f"the bucket keeps earlier versions; where there is none, {commands(workspace)[0]} imports what the "
            "records have"
        )
