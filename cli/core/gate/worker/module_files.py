"""What checkov reads of a root module in HCL: its files and those of the modules that it calls, and nothing else.

- Before it reads a root module, checkov parses each file in each directory below, to learn which modules to download.
  It downloads none here, so nothing is learnt.
- A file that is broken can keep its parser busy until it gives up after ten seconds. The project's own reader has told
  which files these are, in a moment.
- Its parser does not know the end of a heredoc that is called by one letter.
- Of what `terraform init` has put into `.terraform/modules` it follows only calls without a version. The list there
  says where each source is.

Without the first, the worker takes twice as long on a root module with examples below it (`benchmarks/modules.py`). To
remove it: delete this file, its test and the calls in `scanner`.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

_REGISTRY = "registry.terraform.io/"


def install(tf_parser: ModuleType) -> None:
    """Have checkov's module of this name read so, once per process."""
    load, content_path = vars(tf_parser)["load_or_die_quietly"], tf_parser.TFParser.get_content_path

    def load_unless_broken(file: Any, parsing_errors: dict[str, Exception], clean_definitions: bool = True) -> Any:
        if str(file) in _broken:
            parsing_errors[str(file)] = ValueError("is not understood")
            return None
        text = Path(str(file)).read_text(encoding="utf-8", errors="replace")
        if not _SHORT_HEREDOC.search(text):
            return load(file, parsing_errors, clean_definitions)
        with tempfile.NamedTemporaryFile("w", suffix=".tf", encoding="utf-8") as copy:
            copy.write(with_long_heredocs(text))
            copy.flush()
            loaded = load(Path(copy.name), parsing_errors, clean_definitions)
            if copy.name in parsing_errors:
                parsing_errors[str(file)] = parsing_errors.pop(copy.name)
            return loaded

    def fetched_content_path(registry: Any, root_dir: str, source: str, version: str) -> str | None:
        path: str | None = _fetched.get(source) or content_path(registry, root_dir, source, version)
        return path

    vars(tf_parser).update(load_or_die_quietly=load_unless_broken, load_tf_modules=lambda *_, **__: None)
    tf_parser.TFParser.get_content_path = staticmethod(fetched_content_path)


def with_long_heredocs(text: str) -> str:
    """HCL whose heredocs have names of more than one letter, in the same lines."""
    for name in sorted({found[2] for found in _SHORT_HEREDOC.finditer(text)}):
        text = re.sub(rf"^((?:.*<<-?)?[ \t]*){name}([ \t\r]*)$", rf"\1{name}{name}", text, flags=re.MULTILINE)
    return text


_SHORT_HEREDOC = re.compile(r"(<<-?)([A-Za-z])[ \t\r]*$", re.MULTILINE)


def read_root(root: Path, broken: Iterable[Path]) -> None:
    """Say which root module is read next, and its broken files."""
    _fetched.clear()
    _fetched.update(fetched_modules(root))
    _broken.clear()
    _broken.update(map(str, broken))


_fetched: dict[str, str] = {}
_broken: set[str] = set()


def fetched_modules(root: Path) -> Mapping[str, str]:
    """The directories of modules that Terraform has fetched, by their source as calls have it.

    Not those of which there are several versions, since the source does not say which one is called.
    """
    try:
        listed = json.loads((root / ".terraform" / "modules" / "modules.json").read_bytes())["Modules"]
        places: dict[str, set[str]] = {}
        for each in listed:
            source, directory = str(each["Source"]), str(root / str(each["Dir"]))
            if source and not source.startswith("."):
                places.setdefault(source.removeprefix(_REGISTRY), set()).add(directory)
    except (OSError, ValueError, LookupError, TypeError):
        return {}  # each module that is called and not here is named by the gate
    return {source: directory for source, (directory, *others) in places.items() if not others}
