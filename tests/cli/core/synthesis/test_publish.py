"""How synthesized files are put in place: whole, together, beside what terraform keeps there."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from cli.core.base.errors import InfraError
from cli.core.synthesis.publish import Synthesis, publish
from envs.load import load_all
from envs.settings import Settings

SETTINGS = {settings.environment: settings for settings in load_all()}


def write_stacks(content: str = "", suffixes: Sequence[str] = ("", "-bootstrap")) -> Callable[[Settings, Path], bool]:
    """A stand-in for the constructs: stacks of two resources, written as cdktf lays them out."""

    def write(settings: Settings, directory: Path) -> bool:
        stacks: dict[str, Any] = {}
        for name in (f"{settings.environment}{suffix}" for suffix in suffixes):
            path = directory / "stacks" / name / "cdk.tf.json"
            path.parent.mkdir(parents=True)
            bodies = {part: {"//": {"metadata": {"path": f"{name}/{part}/x"}}} for part in ("network", "edge")}
            path.write_text(json.dumps({"content": content, "resource": {"aws_x": bodies}}))
            stacks[name] = {"name": name, "synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "annotations": []}
        (directory / "manifest.json").write_text(json.dumps({"stacks": stacks, "version": "0.21.0"}))
        return False

    return write


def run(
    out: Path,
    *names: str,
    write: Callable[[Settings, Path], bool] | None = None,
    known: Sequence[str] = tuple(SETTINGS),
) -> Synthesis:
    """Synthesize environments with a stand-in."""
    return publish(
        [SETTINGS[name] for name in names],
        out,
        write=write or write_stacks(),
        known=known,
        started=lambda _: None,
        finished=lambda _: None,
        waiting=lambda: None,
    )


def stacks_of(out: Path) -> list[str]:
    """The stacks that the manifest lists."""
    return sorted(json.loads((out / "manifest.json").read_bytes())["stacks"])


def files(out: Path) -> list[str]:
    """Every file in a directory, except the lock."""
    return sorted(
        str(path.relative_to(out)) for path in out.rglob("*") if path.is_file() and path.name != ".infra.lock"
    )


def test_resources_are_counted_by_part(tmp_path: Path) -> None:
    (done,) = run(tmp_path / "out", "dev").environments
    assert [(stack.name, dict(stack.resources), stack.total) for stack in done.stacks] == [
        ("dev", {"edge": 1, "network": 1}, 2),
        ("dev-bootstrap", {"edge": 1, "network": 1}, 2),
    ]
    assert all(stack.path.is_file() for stack in done.stacks)


def test_one_environment_is_replaced_and_the_others_stay_listed(tmp_path: Path) -> None:
    run(tmp_path, "dev", "prod", write=write_stacks("old"))
    run(tmp_path, "prod", write=write_stacks("new"))
    contents = {
        name: json.loads((tmp_path / "stacks" / name / "cdk.tf.json").read_bytes())["content"]
        for name in ("dev", "prod")
    }
    assert contents == {"dev": "old", "prod": "new"}
    assert stacks_of(tmp_path) == ["dev", "dev-bootstrap", "prod", "prod-bootstrap"]


def test_what_terraform_keeps_beside_the_configuration_stays(tmp_path: Path) -> None:
    run(tmp_path, "dev")
    state = tmp_path / "stacks" / "dev" / "terraform.tfstate"
    provider = tmp_path / "stacks" / "dev" / ".terraform" / "providers" / "aws"
    provider.parent.mkdir(parents=True)
    state.write_text("state")
    provider.write_text("provider")
    run(tmp_path, "dev", write=write_stacks("new"))
    assert (state.read_text(), provider.read_text()) == ("state", "provider")


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, "dev", "staging", write=write_stacks("old"))
    before = {name: (tmp_path / name).read_bytes() for name in files(tmp_path)}

    def fail_at_staging(settings: Settings, directory: Path) -> bool:
        if settings.environment == "staging":
            raise ValueError("refused")
        return write_stacks("new")(settings, directory)

    with pytest.raises(ValueError, match="refused"):
        run(tmp_path, "dev", "staging", write=fail_at_staging)
    assert {name: (tmp_path / name).read_bytes() for name in files(tmp_path)} == before


def test_a_failure_leaves_no_directory_that_was_not_there(tmp_path: Path) -> None:
    def fail(settings: Settings, directory: Path) -> bool:
        raise ValueError("refused")

    with pytest.raises(ValueError, match="refused"):
        run(tmp_path / "a" / "out", "dev", write=fail)
    assert not (tmp_path / "a" / "out").exists()


def test_what_a_killed_run_left_is_removed_and_never_used(tmp_path: Path) -> None:
    left = tmp_path / ".infra-synth-killed" / "dev" / "stacks" / "dev"
    left.mkdir(parents=True)
    (left / "cdk.tf.json").write_text("{half")
    run(tmp_path, "dev")
    assert files(tmp_path) == ["manifest.json", "stacks/dev-bootstrap/cdk.tf.json", "stacks/dev/cdk.tf.json"]


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"stacks": 1}', '{"stacks": {"dev": 1}}', "\udcff"])
def test_a_manifest_that_cannot_be_read_is_written_anew(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_bytes(manifest.encode(errors="surrogateescape"))
    run(tmp_path, "dev")
    assert stacks_of(tmp_path) == ["dev", "dev-bootstrap"]


def test_a_manifest_that_names_files_elsewhere_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim" / "cdk.tf.json"
    victim.parent.mkdir()
    victim.write_text("{}")
    (tmp_path / "out" / "stacks").mkdir(parents=True)
    stacks = {"../../victim": {"synthesizedStackPath": "stacks/../../victim/cdk.tf.json"}}
    (tmp_path / "out" / "manifest.json").write_text(json.dumps({"stacks": stacks}))
    assert run(tmp_path / "out", "dev").removed == ()
    assert victim.exists()


def test_a_stack_whose_files_were_deleted_is_no_longer_listed(tmp_path: Path) -> None:
    run(tmp_path, "dev", "prod")
    (tmp_path / "stacks" / "dev" / "cdk.tf.json").unlink()
    run(tmp_path, "prod")
    assert stacks_of(tmp_path) == ["dev-bootstrap", "prod", "prod-bootstrap"]


def test_the_configuration_of_an_environment_that_is_gone_is_removed(tmp_path: Path) -> None:
    run(tmp_path, "dev", "staging")
    synthesis = run(tmp_path, "dev", known=("dev", "prod"))
    assert [path.parent.name for path in synthesis.removed] == ["staging", "staging-bootstrap"]
    assert synthesis.kept == ()
    assert stacks_of(tmp_path) == ["dev", "dev-bootstrap"]
    assert sorted(path.name for path in (tmp_path / "stacks").iterdir()) == ["dev", "dev-bootstrap"]


def test_configuration_of_a_removed_environment_stays_where_terraform_ran(tmp_path: Path) -> None:
    run(tmp_path, "dev", "staging")
    (tmp_path / "stacks" / "staging" / ".terraform").mkdir()
    synthesis = run(tmp_path, "dev", known=("dev", "prod"))
    assert synthesis.kept == (tmp_path / "stacks" / "staging" / "cdk.tf.json",)
    assert synthesis.kept[0].is_file()
    assert stacks_of(tmp_path) == ["dev", "dev-bootstrap"]


def test_a_stack_that_an_environment_no_longer_has_is_removed(tmp_path: Path) -> None:
    run(tmp_path, "dev", "staging")
    synthesis = run(tmp_path, "dev", write=write_stacks(suffixes=("",)))
    assert [path.parent.name for path in synthesis.removed] == ["dev-bootstrap"]
    assert stacks_of(tmp_path) == ["dev", "staging", "staging-bootstrap"]


def test_directories_that_others_made_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "stacks" / "somebody-elses" / "cdk.tf.json"
    other.parent.mkdir(parents=True)
    other.write_text("{}")
    run(tmp_path, "dev")
    assert other.read_text() == "{}"


def test_the_output_must_be_a_directory(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(InfraError, match="not a directory"):
        run(tmp_path / "out", "dev")
    assert (tmp_path / "out").read_text() == "mine"


def test_the_manifest_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(tmp_path, "dev", write=write_stacks("old"))
    before = (tmp_path / "manifest.json").read_bytes()

    def no_space(path: Path, content: bytes) -> None:
        assert json.loads((tmp_path / "stacks" / "dev" / "cdk.tf.json").read_bytes())["content"] == "new"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cli.core.synthesis.publish.write_whole", no_space)
    with pytest.raises(OSError, match="No space"):
        run(tmp_path, "dev", write=write_stacks("new"))
    assert (tmp_path / "manifest.json").read_bytes() == before
