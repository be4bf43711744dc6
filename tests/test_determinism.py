"""The same settings give the same bytes: in any process, order and directory, together or alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.checkouts import shared
from tests.support.helpers import infra, infra_environment, tree


def fresh(directory: Path) -> dict[str, str]:
    """Variables with which no earlier synthesis is taken."""
    return {"INFRA_CACHE_DIRECTORY": str(directory / "cache")}


def cdktf_synth(out: Path, *, seed: str) -> None:
    """Run the app as cdktf does."""
    out.mkdir()
    variables = infra_environment(variables={"CDKTF_OUTDIR": str(out), "PYTHONHASHSEED": seed})
    subprocess.run([sys.executable, shared() / "main.py"], cwd=out, env=variables, check=True)


def test_same_bytes_from_cdktf_and_infra_in_any_order(tmp_path: Path) -> None:
    cdktf_synth(tmp_path / "cdktf", seed="1")
    arguments = ("synth", "prod", "dev", "staging", "--out", str(tmp_path / "infra"))
    done = infra(*arguments, cwd=tmp_path, variables={"PYTHONHASHSEED": "2", **fresh(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "infra") == tree(tmp_path / "cdktf")


def test_same_bytes_alone_and_together(tmp_path: Path, synthesized_directory: Path) -> None:
    done = infra("synth", "prod", "--out", "alone", cwd=tmp_path, variables=fresh(tmp_path))
    assert done.returncode == 0, done.stderr
    alone = {name: content for name, content in tree(tmp_path / "alone").items() if name != "manifest.json"}
    together = tree(synthesized_directory)
    assert alone == {name: content for name, content in together.items() if name.startswith("stacks/prod")}


def test_shell_variables_that_steer_cdktf_change_nothing(tmp_path: Path, synthesized_directory: Path) -> None:
    steering = {
        "CDKTF_CONTEXT_JSON": '{"allowSepCharsInLogicalIds": true, "excludeStackIdFromLogicalIds": true}',
        "CDKTF_OUTDIR": str(tmp_path / "elsewhere"),
        "SYNTH_HCL_OUTPUT": "true",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        **fresh(tmp_path),
    }
    done = infra("synth", "dev", "--out", "out", cwd=tmp_path, variables=steering)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "elsewhere").exists()
    assert tree(tmp_path / "out" / "stacks" / "dev") == tree(synthesized_directory / "stacks" / "dev")
