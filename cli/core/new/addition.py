"""What an addition writes: all files, checked as a whole, or none."""

from __future__ import annotations

import importlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.core.base import git
from cli.core.base.errors import InfraError
from cli.core.base.files import write_whole
from cli.core.base.progress import ProgressReporter
from cli.core.new.refusals import DoesNotFit, InterruptedAddition, NameTaken, NotWritten, UncommittedFiles
from cli.core.synthesis import address_check
from cli.core.synthesis.synthesize import synthesize_each
from envs.environment_files import environment_files
from envs.errors import SettingsError
from envs.load import load_all
from policies.access.claims.models import AccessClaimsError
from policies.access.claims.models import parse as parse_access
from policies.reachability.claims.load import ClaimsError
from policies.reachability.claims.load import parse as parse_claims

CLAIMS, ACCESS, DOCUMENT = "policies/claims.yaml", "policies/access.yaml", "docs/additions.md"


@dataclass
class Files:
    """The files of a checkout, with what an addition changes in them."""

    root: Path
    changed: dict[str, str] = field(default_factory=dict)
    """New texts by path from the root."""

    def read(self, path: str) -> str:
        """A file's text, with what was changed."""
        return self.changed[path] if path in self.changed else (self.root / path).read_text(encoding="utf-8")

    def create(self, path: str, text: str) -> None:
        """Add a file, formatted as `ruff format` would. Raises `NameTaken` where there is one."""
        if (self.root / path).exists():
            raise NameTaken(f"{path} is there already; take another name, or remove it")
        self.changed[path] = _formatted(text) if path.endswith(".py") else text

    @property
    def environments(self) -> list[str]:
        """The paths of the environments' files."""
        return [path.relative_to(self.root).as_posix() for path in environment_files(self.root / "envs")]


@dataclass(frozen=True)
class Addition:
    """What was added."""

    written: tuple[str, ...]
    """Paths from the root of the checkout."""
    next: tuple[str, ...]
    """The commands that come next."""


def rendered(template: str, /, **values: object) -> str:
    """A template of this package with values in it."""
    return _templates().get_template(template).render(word=as_word(str(values.get("name", ""))), **values)


def as_word(name: str) -> str:
    """A name as a part of an identifier, which is what claims, tests and their files call it."""
    return "".join(each if each.isalnum() else "_" for each in name)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        autoescape=False,  # Python and YAML, of names that were checked
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
    )


def _formatted(text: str) -> str:
    """Python as `ruff format` writes it; as it is where ruff is not installed."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "120", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else text


def documented(files: Files, kind: str, name: str, text: str) -> None:
    """Add a line to the document of additions."""
    files.changed[DOCUMENT] = f"{files.read(DOCUMENT).rstrip()}\n| {kind} | `{name}` | {text} |\n"


def finish(
    files: Files, progress: ProgressReporter, pages: Callable[[], Mapping[Path, str]] | None = None
) -> tuple[str, ...]:
    """Check what would be there, synthesize it, note the addresses of what holds data, and write it.

    `pages` are generated from what is written, and written with it. Returns the paths. Raises `DoesNotFit` for files
    that would not be valid, `UncommittedFiles`, and errors of writing, after which everything is as before.
    """
    _compile(files)
    _check_claims(files)
    _add_addresses(files, progress)
    _refuse_uncommitted(files, [path.relative_to(files.root).as_posix() for path in pages()] if pages else [])
    write(files, pages)
    return tuple(sorted(files.changed))


def _compile(files: Files) -> None:
    """Raise `InfraError` where a template made what is not Python."""
    for path in (each for each in files.changed if each.endswith(".py")):
        try:
            compile(files.read(path), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise InfraError(
                f"{path} would not be Python: {error}. Nothing was written. It is a mistake of infra; take another name"
            ) from None


def _check_claims(files: Files) -> None:
    try:
        parse_claims(files.read(CLAIMS).encode(), file=CLAIMS)
        parse_access(files.read(ACCESS).encode(), file=ACCESS)
    except (ClaimsError, AccessClaimsError) as error:
        raise DoesNotFit(f"the claims would not be valid:\n{error}") from None


def _add_addresses(files: Files, progress: ProgressReporter) -> None:
    """Add the addresses of what holds data, where settings change. Raises `DoesNotFit`."""
    if not any(path.startswith("envs/") and path.endswith(".yaml") for path in files.changed):
        return
    with tempfile.TemporaryDirectory(prefix="infra-new-") as directory:
        scratch = Path(directory) / "envs"
        scratch.mkdir()
        for file in (files.root / "envs").glob("*.yaml"):
            shutil.copy(file, scratch)
        for path, text in files.changed.items():
            if path.startswith("envs/") and path.endswith(".yaml"):
                (scratch / Path(path).name).write_text(text, encoding="utf-8")
        try:
            settings = load_all(scratch)
        except SettingsError as error:
            raise DoesNotFit(f"the settings would not be valid:\n{error}".replace(f"{scratch}/", "envs/")) from None
        out = Path(directory) / "out"
        out.mkdir()
        stacks = {
            stack.parent.name: json.loads(stack.read_bytes())
            for _, made in synthesize_each(settings, out, progress)
            for stack in made.glob("stacks/*/cdk.tf.json")
        }
    progress.clear()
    manifest = files.root / address_check.MANIFEST.name
    with tempfile.TemporaryDirectory(prefix="infra-new-") as directory:
        new = Path(directory) / manifest.name
        address_check.save(address_check.with_stacks(address_check.load(manifest), stacks), new)
        text = new.read_text(encoding="utf-8")
    if not manifest.exists() or text != manifest.read_text(encoding="utf-8"):
        files.changed[manifest.name] = text


def _refuse_uncommitted(files: Files, pages: Sequence[str]) -> None:
    """Raise `UncommittedFiles` where git has not the present content of a file that changes."""
    there = sorted(path for path in (*files.changed, *pages) if (files.root / path).exists())
    lines = git.ask(files.root, "status", "--porcelain", "--", *there).splitlines()
    if lines:
        names = ", ".join(line[3:] if line[2:3] == " " else line[2:] for line in lines)
        raise UncommittedFiles(
            f"{names}: changed since the last commit, so git alone could not undo this. Commit or stash first."
        )


def write(files: Files, pages: Callable[[], Mapping[Path, str]] | None = None) -> None:
    """Write every file, or none: an error gives back what was there. Raises `OSError`, or `NotWritten` where that fails
    too. Ctrl-C waits until all are written, and is then `InterruptedAddition`."""
    before: dict[str, bytes | None] = {}
    made: list[Path] = []
    with _uninterrupted() as came:
        try:
            _write(files.root, files.changed, before, made)
            if pages is not None:
                importlib.invalidate_caches()  # of a rule that was written just now
                texts_of_pages = {path.relative_to(files.root).as_posix(): text for path, text in pages().items()}
                new = {path: text for path, text in texts_of_pages.items() if text != files.read(path)}
                _write(files.root, new, before, made)
                files.changed |= new
        except Exception as error:
            if remaining := _give_back(files.root, before, made):
                reason = error.strerror if isinstance(error, OSError) else error
                raise NotWritten(
                    f"{reason}; and of what was written this could not be taken back: {', '.join(remaining)}. Take it "
                    "back with git, as docs/extending.md says"
                ) from None
            raise
    if came:
        raise InterruptedAddition(
            f"interrupted after everything was written: {', '.join(sorted(files.changed))}. Keep it, or take it back "
            "with git, as docs/extending.md says"
        )


def _write(root: Path, texts: Mapping[str, str], before: dict[str, bytes | None], made: list[Path]) -> None:
    """Write files, noting of those that were written what was there, and which directories were not."""
    for path, text in texts.items():
        content = _content(root / path)
        for directory in [parent for parent in (root / path).parents if not parent.exists()][::-1]:
            directory.mkdir()
            made.append(directory)
        write_whole(root / path, text.encode())
        before[path] = content


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _give_back(root: Path, before: Mapping[str, bytes | None], made: Sequence[Path]) -> list[str]:
    """Give back what was there; the paths where that fails. What is new goes first: on a full disk that makes room."""
    remaining = []
    for path, content in sorted(before.items(), key=lambda item: item[1] is not None):
        try:
            if content is None:
                (root / path).unlink(missing_ok=True)
            else:
                write_whole(root / path, content)
        except OSError:
            remaining.append(path)
    for directory in reversed(made):
        shutil.rmtree(directory, ignore_errors=True)
    return remaining


@contextmanager
def _uninterrupted() -> Iterator[Sequence[int]]:
    """Hold back Ctrl-C and the end of the terminal; which of them came. A mask would not: another thread takes the
    signal."""
    came: list[int] = []
    held = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, lambda number, _frame: came.append(number)) for each in held}
    try:
        yield came
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def texts(data: Mapping[str, object]) -> str:
    """A mapping as YAML on one line: `{a: b, c: [d, e]}`."""
    return f"{{{', '.join(f'{key}: {_text(value)}' for key, value in data.items())}}}"


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return texts(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return json.dumps(text) if text[:1] in ("*", "&", "!", "%", "@", "`", '"', "'") or ": " in text else text
