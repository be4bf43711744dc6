"""Whatever stands in a file: it is read, or the file is named with the reason; nothing raises."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policies.library.terraform.load import load_directory
from policies.library.values import unknowns
from tests.support.helpers import ROOT

WRITTEN = [path.read_text() for path in sorted((ROOT / "tests/policies/cases").glob("*/*.tf"))[::9]]
"""HCL to be damaged."""

PIECES = (
    '"', "${", "%{", "}", "{", "[", "]", "(", ")", "=", "=>", ":", "?", ",", ".", "...", "[*]", "<<-END\n", "END\n",
    "/*", "*/", "#", "\n", "\\u", "\\ud800", "for x in y : ", "if ", "%{ if true }", "%{ for a in b ~}", "%{ endfor }",
    "dynamic ", "each.value", "count.index", "null", "-", "!", "1e999", "0x", "é", "\x00", "\ufeff", "\u2028",
    "count = -1", "count = 1e9 ? 1 : 0", "for_each = {}", "locals {\n  a = local.a\n}\n",
    'module "m" {\n  source = "."\n}\n',
    'variable "v" {\n  type = object({ a = optional(list(map(any)), 1) })\n  default = []\n}\n',
    "merge(1, 2)",
    "element([], 0)", "cidrsubnet(1, 2, 3)", 'regex("(", "")', "try()", "range(1, 0, 0)", "zipmap([1], [])",
    'file("/")', 'templatefile(".", {})', 'jsondecode("[")', 'yamldecode("{[")', "slice([], 1, 9)", "index(1)", "{}...",
)  # fmt: skip
"""What is put into it, or in place of a part of it."""


def is_read_or_named(name: str, content: bytes) -> bool:
    """Whether the only file of a directory is either understood, or told to be not."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / name).write_bytes(content)
        configuration, unreadable = load_directory(Path(directory))
        for resource in configuration.resources.values():
            assert all(isinstance(each.expression, str) for each in unknowns(resource.attributes))
        return bool(configuration.resources) or all(unreadable.values())


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A file in which a few parts are replaced by something else."""
    text = draw(st.sampled_from(WRITTEN))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from((0, 0, 1, 1, 3, 20, 200)))
        text = text[:start] + draw(st.sampled_from(PIECES)) + text[end:]
    return text


expressions = st.recursive(
    st.sampled_from((*PIECES, "1", '"a"', "var.a", "aws_x.y", "[]", "{}", "[1, 2]", "{ a = 1 }")),
    lambda inner: st.builds(
        lambda form, parts: form.format(*parts),
        st.sampled_from(
            (
                "({0})", "[{0}, {1}]", "{{ a = {0}, b = {1} }}", "{0} + {1}", "{0} ? {1} : {2}", "{0}[{1}]", "{0}.a",
                "{0}[*].a", "[for k, v in {0} : {1}]", "{{ for k, v in {0} : k => v... if {1} }}", '"${{{0}}}"',
                "merge({0}, {1})", "lookup({0}, {1}, {2})", "element({0}, {1})", "format({0}, {1})", "toset({0})",
                "setproduct({0}, {1})", "concat({0}, {1})", "jsonencode({0})", "jsondecode({0})", "flatten({0})",
                "try({0}, {1})", "can({0})", "coalesce({0}, {1})", "replace({0}, {1}, {2})", "slice({0}, {1}, {2})",
                "cidrsubnet({0}, {1}, {2})", "substr({0}, {1}, {2})", "zipmap({0}, {1})", "keys({0})", "-{0}", "!{0}",
            )
        ),
        st.tuples(inner, inner, inner),
    ),
    max_leaves=12,
)  # fmt: skip

documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(PIECES)
    | st.text(max_size=8)
    | expressions.map(lambda text: f"${{{text}}}"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("resource", "data", "module", "variable", "locals", "output", "dynamic", "count", "for_each")
            )
            | st.sampled_from(
                ("aws_sg", "content", "//", "type", "default", "source", "metadata", "suppressions", "${a}")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(damaged())
def test_hcl(text: str) -> None:
    assert is_read_or_named("main.tf", text.encode("utf-8", "surrogatepass"))


@given(expressions)
def test_expressions(text: str) -> None:
    assert is_read_or_named("main.tf", f'resource "aws_x" "y" {{\n  a = {text}\n}}\n'.encode("utf-8", "surrogatepass"))


@given(documents)
def test_json(document: Any) -> None:
    is_read_or_named("main.tf.json", json.dumps(document).encode())


@given(documents)
def test_json_of_a_resource(body: Any) -> None:
    assert is_read_or_named("main.tf.json", json.dumps({"resource": {"aws_x": {"y": body}}}).encode())


@given(st.binary(max_size=60))
def test_bytes(content: bytes) -> None:
    for name in ("main.tf", "main.tf.json", "terraform.tfvars", "override.tf", "a.auto.tfvars.json"):
        is_read_or_named(name, content)
