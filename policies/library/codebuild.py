"""What CodeBuild projects put out."""

from __future__ import annotations

from collections.abc import Iterator

from policies.library.model import Block, Resource

NOTHING = "NO_ARTIFACTS"


def unencrypted_outputs(project: Resource) -> Iterator[Block]:
    """The artifacts and logs that are told not to be encrypted. Raises UnknownValue.

    A project without artifacts ignores the flag: CodeBuild API, ProjectArtifacts, "encryptionDisabled".
    """
    for name in ("artifacts", "secondary_artifacts"):
        for output in project.blocks(name):
            if output.flag("encryption_disabled") and output.text("type") != NOTHING:
                yield output
    for logs in project.blocks("logs_config"):
        for output in logs.blocks("s3_logs"):
            if output.flag("encryption_disabled"):
                yield output
