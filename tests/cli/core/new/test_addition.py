"""What is added is written whole or not at all, and never over what git could not give back."""

from __future__ import annotations

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from cli.core.base.errors import ExitCode, InfraError
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.new import addition, environments
from cli.core.new.addition import Files, texts, write
from cli.core.new.channels import new_channel
from cli.core.new.consumers import new_consumer
from cli.core.new.environments import new_environment, place_in_chain, with_origin
from cli.core.new.refusals import BadName, DoesNotFit, InterruptedAddition, NameTaken, NotWritten, UncommittedFiles
from cli.core.new.servers import new_server
from cli.core.new.topics import new_topic
from tests.support import checkouts
from tests.support.helpers import ROOT, tree
from tests.support.programs import git


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with the tests' environments, all of it committed. Not to be changed."""
    root = checkouts.copy(tmp_path_factory.mktemp("committed") / "checkout")
    for name in ("docs/additions.md", ".github/workflows/check.yml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text((ROOT / name).read_text())
    for arguments in (["init", "-q"], ["add", "-A"]):
        git(root, *arguments)
    git(root, "-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-qm", "Begin")
    return root


@pytest.fixture
def files(committed: Path) -> Files:
    """Its files, to be added to where nothing is written."""
    return Files(committed)


@pytest.fixture
def own_files(committed: Path, tmp_path: Path) -> Files:
    """Files of a copy."""
    return Files(Path(shutil.copytree(committed, tmp_path / "checkout", symlinks=True)))


PROGRESS = ProgressReporter()


def server(files: Files, name: str, *, path: str | None = None, clients: tuple[str, ...] = ()) -> None:
    new_server(files, PROGRESS, name, path_prefix=path, uses=(), clients=clients)


def test_an_error_gives_back_what_was_there(own_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(own_files.root / "envs")
    own_files.changed = {"envs/dev.yaml": "a", "tests/own/new/a.py": "b", "envs/prod.yaml": "c"}
    whole = write_whole

    def full(path: Path, content: bytes) -> None:
        if content == b"c":
            raise OSError(28, "No space left on device", str(path))
        whole(path, content)

    monkeypatch.setattr("cli.core.new.addition.write_whole", full)
    with pytest.raises(OSError, match="No space left"):
        write(own_files)
    assert tree(own_files.root / "envs") == before
    assert not (own_files.root / "tests").exists()


def test_what_cannot_be_given_back_is_named(own_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    own_files.changed = {"envs/dev.yaml": "a", "tests/own/new/a.py": "b", "envs/prod.yaml": "c"}
    whole = write_whole

    def full(path: Path, content: bytes) -> None:
        if content not in (b"a", b"b"):
            raise OSError(28, "No space left on device", str(path))
        whole(path, content)

    monkeypatch.setattr("cli.core.new.addition.write_whole", full)
    with pytest.raises(NotWritten, match=r"^No space left .*not be taken back: envs/dev\.yaml\."):
        write(own_files)
    assert not (own_files.root / "tests").exists()


def test_an_interruption_waits_until_all_is_written(own_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    own_files.changed = {"envs/dev.yaml": "a", "envs/prod.yaml": "c"}
    whole = write_whole

    def interrupted(path: Path, content: bytes) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        whole(path, content)

    monkeypatch.setattr("cli.core.new.addition.write_whole", interrupted)
    with pytest.raises(
        InterruptedAddition, match=r"^interrupted after everything was written: envs/dev\.yaml, envs/prod"
    ):
        write(own_files)
    assert [(own_files.root / path).read_text() for path in own_files.changed] == ["a", "c"]


def test_a_file_with_uncommitted_changes_is_refused(own_files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addition, "_add_addresses", lambda *_: None)
    path = own_files.root / "envs" / "dev.yaml"
    path.write_text(f"# Mine.\n{path.read_text()}")
    before = tree(own_files.root / "envs")
    with pytest.raises(UncommittedFiles, match=r"^envs/dev\.yaml: changed since the last commit"):
        new_topic(own_files, PROGRESS, "orders")
    assert tree(own_files.root / "envs") == before


@pytest.mark.parametrize("name", ["or.ders", "1.orders", "a_-b", "class"])
def test_what_is_generated_of_any_name_is_python(own_files: Files, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(addition, "_add_addresses", lambda *_: None)
    new_topic(own_files, PROGRESS, name)
    (test,) = (own_files.root / "tests" / "own").iterdir()
    compile(test.read_text(), test.name, "exec")


def test_what_is_not_python_is_not_written(own_files: Files) -> None:
    own_files.changed = {"envs/dev.yaml": "a", "tests/own/test_a.py": "def test_a.b() -> None: ..."}
    before = tree(own_files.root / "envs")
    with pytest.raises(InfraError, match=r"^tests/own/test_a\.py would not be Python: .*a mistake of infra"):
        addition.finish(own_files, PROGRESS)
    assert tree(own_files.root / "envs") == before


def test_a_name_that_no_file_can_have_is_refused(files: Files) -> None:
    with pytest.raises(BadName, match=r"^received a name of 249 characters; allowed: at most 200, "):
        new_topic(files, PROGRESS, "t" * 249)


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("meals.example", "e2e.meals.example"),
        ('"meals.example"', '"e2e.meals.example"'),
        ("prod.a.example", "e2e.a.example"),
    ],
)
def test_a_domain_without_the_neighbours_name_gets_the_new_one(domain: str, expected: str) -> None:
    text = f"account_id: '1'\ndomain_name: {domain} # Ours.\n"
    settings = environments._settings(text, "e2e", "prod", account_id="2")
    assert settings == f'account_id: "2"\ndomain_name: {expected} # Ours.\n'


def test_settings_that_would_not_be_valid_are_refused(files: Files) -> None:
    before = tree(files.root / "envs")
    with pytest.raises(DoesNotFit, match=r"settings would not be valid:\nenvs/dev\.yaml:.*streaming\.topics\.further"):
        new_topic(files, PROGRESS, "data_reporting")
    assert tree(files.root / "envs") == before


@pytest.mark.parametrize("to", ["kinesis", "nobody-server", "event-store", ""])
def test_a_target_that_is_not_there_is_refused(files: Files, to: str) -> None:
    with pytest.raises(BadName) as refused:
        new_consumer(files, PROGRESS, "billing", topic="data-reporting", to=to)
    allowed = "core-server, ordering-server, purchase-gateway, sns, sqs; a server has to use the stream"
    assert str(refused.value) == f"received the target {to!r}; allowed: {allowed}"


@pytest.mark.parametrize("name", ["consumers"[-length:] for length in range(2, 10)])
def test_a_consumer_whose_step_cdktf_leaves_out_is_refused(files: Files, name: str) -> None:
    with pytest.raises(BadName, match="that the word consumers does not end with"):
        new_consumer(files, PROGRESS, name, topic="data-reporting", to="sqs")


def test_a_topic_that_is_not_there_is_refused(files: Files) -> None:
    with pytest.raises(BadName) as refused:
        new_consumer(files, PROGRESS, "billing", topic="nope", to="sqs")
    allowed = "data-reporting, metrics-export, notification-requests"
    assert str(refused.value) == f"received the topic 'nope'; allowed: {allowed}"


@pytest.mark.parametrize("path", ["/order", "/ordering", "/ordering-more", "/ordering/again"])
def test_a_path_that_another_server_answers_is_refused(files: Files, path: str) -> None:
    with pytest.raises(BadName, match=rf"received the path '{path}'; allowed: .*: /ordering \(ordering\)$"):
        server(files, "loyalty", path=path)


@pytest.mark.parametrize("name", ["", "Loyalty", "core", "a", "a_b", "a--b", "x" * 25, "class-server"])
def test_a_bad_name_of_a_server_is_refused(files: Files, name: str) -> None:
    with pytest.raises(BadName, match="allowed: a name of 2 to 24 lower-case letters") as refused:
        server(files, name)
    assert (refused.value.kind, refused.value.exit_code) == ("bad-name", ExitCode.USAGE)


@pytest.mark.parametrize(
    "name", ["123", "1.0", "1e3", "0x10", "null", "true", "no", "on", "y", "2026-01-01", "2026-13-45"]
)
def test_a_name_that_yaml_takes_for_something_else_is_refused(files: Files, name: str) -> None:
    with pytest.raises(BadName, match=f"received the name '{name}'; allowed: a name that YAML reads as text"):
        new_topic(files, PROGRESS, name)


@pytest.mark.parametrize("name", ["null", "on", "no", "off"])
def test_that_goes_for_everything_that_is_added(files: Files, name: str) -> None:
    for add in (
        lambda: server(files, name),
        lambda: new_channel(files, PROGRESS, name, direction="inbound", domains=()),
        lambda: new_consumer(files, PROGRESS, name, topic="data-reporting", to="sqs"),
        lambda: new_environment(files, PROGRESS, name, account_id="444455556666", place=1),
    ):
        with pytest.raises(BadName, match="allowed: a name that YAML reads as text"):
            add()


@pytest.mark.parametrize("path", ["loyalty", "/", "/a b", "/*x"])
def test_a_bad_path_is_refused(files: Files, path: str) -> None:
    with pytest.raises(BadName, match=re.escape(f"received the path {path!r}; allowed: the beginning of a URL path")):
        server(files, "loyalty", path=path)


@pytest.mark.parametrize("client", ["nobody", "nobody-server", "event-store", "office-server"])
def test_a_client_that_is_no_server_is_refused(files: Files, client: str) -> None:
    with pytest.raises(BadName) as refused:
        server(files, "office", clients=(client,))
    allowed = "core-server, ordering-server, purchase-gateway"
    assert str(refused.value) == f"received the client {client!r}; allowed: {allowed}"


@pytest.mark.parametrize("name", ["cluster", "delivery", "table", "event-store"])
def test_a_name_that_the_claims_have_is_taken(files: Files, name: str) -> None:
    with pytest.raises(NameTaken, match=f"calls something {name.replace('-', '_')} already") as refused:
        server(files, name)
    assert (refused.value.kind, refused.value.exit_code) == ("name-taken", ExitCode.REFUSED)


def test_what_is_there_already_is_taken(files: Files) -> None:
    with pytest.raises(NameTaken, match="has the topic data-reporting already"):
        new_topic(files, PROGRESS, "data-reporting")
    with pytest.raises(NameTaken, match="has the channel datadog already"):
        new_channel(files, PROGRESS, "datadog", direction="inbound", domains=())
    with pytest.raises(NameTaken, match="there is an environment prod already"):
        new_environment(files, PROGRESS, "prod", account_id="444455556666", place=1)


@pytest.mark.parametrize(
    ("direction", "domains", "message"),
    [
        ("outbound", (), "received no --domain; allowed: one --domain or more"),
        ("inbound", ("a.example",), "received --domain a.example; allowed: no --domain where it is inbound"),
    ],
)
def test_a_channel_has_domains_where_it_is_called(
    files: Files, direction: str, domains: tuple[str, ...], message: str
) -> None:
    with pytest.raises(BadName, match=message):
        new_channel(files, PROGRESS, "couriers", direction=direction, domains=domains)


@pytest.mark.parametrize(
    ("name", "account"), [("q-a", "444455556666"), ("qa", "4444"), ("Q", "444455556666"), ("company", "444455556666")]
)
def test_a_bad_environment_is_refused(files: Files, name: str, account: str) -> None:
    with pytest.raises(BadName):
        new_environment(files, PROGRESS, name, account_id=account, place=1)


@pytest.mark.parametrize(
    ("after", "before", "place"), [("dev", None, 1), (None, "dev", 0), ("prod", None, 3), (None, "prod", 2)]
)
def test_a_place_is_before_or_after_an_environment(after: str | None, before: str | None, place: int) -> None:
    assert place_in_chain(after=after, before=before) == place


BEGINS = "# What promotion carries on to {}. A release begins here, by hand.\nrelease:\n"
WRITTEN = "# Written by promotion from {}; not edited here.\nrelease:\n"


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (("dev", "qa", "prod"), (BEGINS.format("qa and prod"), WRITTEN.format("dev"), WRITTEN.format("qa"))),
        (("lab", "dev"), (BEGINS.format("dev"), WRITTEN.format("lab"))),
    ],
)
def test_comments_say_from_where_a_release_comes(chain: tuple[str, ...], expected: tuple[str, ...]) -> None:
    for text in (BEGINS.format("staging and prod"), WRITTEN.format("staging")):
        assert tuple(with_origin(text, chain, at) for at in range(len(chain))) == expected
    mine = "# Mine.\nrelease:\n"
    assert with_origin(mine, chain, 0) == mine


def test_a_place_is_beside_an_environment_of_the_chain() -> None:
    with pytest.raises(BadName, match="received 'nowhere'; allowed: one of the promotion chain, dev"):
        place_in_chain(after="nowhere", before=None)


def test_every_refusal_has_a_kind_that_extending_md_names() -> None:
    text = (ROOT / "docs" / "extending.md").read_text()
    for refusal in (BadName, NameTaken, UncommittedFiles, DoesNotFit, InterruptedAddition, NotWritten):
        assert issubclass(refusal, InfraError)
        assert f"| `{refusal.kind}` | {int(refusal.exit_code)} |" in text


def test_a_mapping_is_written_as_yaml_reads_it() -> None:
    from ruamel.yaml import YAML

    data = {"name": "a", "domains": ["*.b.example"], "optional": True, "is": {"traffic-port": "b"}}
    assert YAML(typ="safe").load(texts(data)) == data
