"""Which CDK synthesizes the constructs: CDK for Terraform (cdktf), or CDK Terrain (cdktn), the fork that goes on.

The switch is `context.cdk` in cdktf.json. The library and its AWS bindings change together. See ADR 25.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from envs.errors import Problem, SettingsError, shortened

FILE = "cdktf.json"
"""The file that the commands `cdktf` and `cdktn` read too, which leave `context` to the app."""

KEY = "cdk"
"""The key in `context`."""

_CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Cdk:
    """A construct library and the AWS bindings that are made for it."""

    library: str
    """Its Python package, which is also its Node package and its name on PyPI."""
    bindings: str
    """Their Python package."""
    node_bindings: str
    """Their Node package."""

    @property
    def distributions(self) -> tuple[str, str]:
        """The names of both on PyPI."""
        return self.library, self.bindings.replace("_", "-")


CDKTF = Cdk("cdktf", "cdktf_cdktf_provider_aws", "@cdktf/provider-aws")
CDKTN = Cdk("cdktn", "cdktn_provider_aws", "@cdktn/provider-aws")

CDKS = (CDKTF, CDKTN)


def chosen() -> Cdk:
    """The CDK that cdktf.json chooses: that of the checkout, or of the current directory where this is installed.

    Raises `SettingsError`.
    """
    files = (_CHECKOUT / FILE, Path(FILE))
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        return CDKTF
    try:
        name = json.loads(file.read_bytes()).get("context", {}).get(KEY, CDKTF.library)
    except (ValueError, AttributeError):
        raise SettingsError([_problem("", "another text", 'a JSON object, with an object at "context"')]) from None
    cdk = next((cdk for cdk in CDKS if cdk.library == name), None)
    if cdk is None:
        allowed = " or ".join(json.dumps(cdk.library) for cdk in CDKS)
        raise SettingsError([_problem(f"context.{KEY}", shortened(json.dumps(name)), allowed)])
    return cdk


def _problem(key: str, received: str, allowed: str) -> Problem:
    return Problem(FILE, 0, 0, key, received, allowed)
