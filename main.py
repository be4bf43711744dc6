"""The program of `cdktf synth` and `infra synth`: settings in, Terraform out."""

import os
from collections.abc import Sequence
from pathlib import Path

from envs.load import load_all
from envs.settings import Settings
from modules.runtime.errors import explained
from modules.runtime.kernel import installed_files
from modules.runtime.source_lines import recorded_source_lines, write_source_lines
from modules.state.moves import write_moves

__all__ = ["installed_files", "synthesize"]


def synthesize(settings: Sequence[Settings], outdir: Path) -> None:
    """Write the stacks of the given environments, and cdktf's manifest, to ``outdir``.

    Raises `ConstructError`, and `ModuleError` for a module that cannot be imported or whose code raises.
    """
    with explained():
        import modules.stacks  # here, so that what it imports is explained too

        with recorded_source_lines() as source_lines:
            modules.stacks.build_app(settings, outdir=outdir).synth()
    write_source_lines(outdir, source_lines)
    write_moves(outdir, settings)


if __name__ == "__main__":  # cdktf sets the variable
    synthesize(load_all(), Path(os.environ.get("CDKTF_OUTDIR", "cdktf.out")))
