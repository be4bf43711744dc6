"""checkov's runner of Terraform JSON, reading by libyaml. Imported by `scanner` only.

Without it, the worker takes 1.25 times as long on three environments (`benchmarks/check.py --patches`). To remove it:
delete this file, and name checkov's `TerraformJsonRunner` in `scanner.RUNNERS`.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from checkov.common.output.report import Report
from checkov.common.parsers.yaml.loader import SafeLineLoader
from checkov.common.util.file_utils import read_file_with_any_encoding
from checkov.runner_filter import RunnerFilter
from checkov.terraform_json.parser import parse, prepare_definition
from checkov.terraform_json.runner import TerraformJsonRunner


class LineLoader(yaml.CSafeLoader):  # type: ignore[misc]
    """checkov's loader of YAML with line numbers, on libyaml: the same values and lines, in a tenth of the time."""

    bool_values = SafeLineLoader.bool_values

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping with its first and last line."""
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        mapping["__startline__"] = node.start_mark.line + 1
        mapping["__endline__"] = node.end_mark.line + 1
        return mapping


class JsonRunner(TerraformJsonRunner):
    """checkov's runner of Terraform JSON, on the files it is given, in their order, read by `LineLoader`."""

    def run(
        self,
        root_folder: str | None = None,
        external_checks_dir: list[str] | None = None,  # noqa: ARG002
        files: list[str] | None = None,
        runner_filter: RunnerFilter | None = None,
        collect_skip_comments: bool = True,  # noqa: ARG002
    ) -> Report:
        """As the method it replaces, except that the checks are loaded already."""
        report = Report(self.check_type)
        chosen = runner_filter or RunnerFilter()
        self.pbar.turn_off_progress_bar()
        self.root_folder = root_folder
        for file in files or ():
            template, lines = _read(Path(file))
            if template and lines:
                self.definitions[file], self.definitions_raw[file] = template, lines
            else:
                report.add_parsing_error(file)
        self.graph_manager.save_graph(self.graph_manager.build_graph_from_definitions(self.definitions))
        self.add_python_check_results(report, chosen)
        self.add_graph_check_results(report, chosen)
        return report


def _read(file: Path) -> tuple[dict[str, Any] | None, list[tuple[int, str]] | None]:
    """A file as checkov's parser has it. What libyaml refuses, such as a surrogate pair, is left to that parser."""
    try:
        content = read_file_with_any_encoding(file_path=file)
        documents = list(yaml.load_all(content, Loader=LineLoader))
        template = documents[0] if documents else {}
        if not isinstance(template, dict):
            return None, None
        return prepare_definition(template), list(enumerate(content.splitlines(keepends=True), 1))
    except Exception:  # not open: checkov's own parser decides, and what it refuses is a named failure
        return parse(file)
