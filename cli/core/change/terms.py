"""What a side of a change is judged by: its own claims, and the settings that these name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from envs.errors import SettingsError
from envs.positions import read as read_yaml
from envs.settings import Settings
from policies.access.claims import models as access_claims
from policies.access.claims.models import AccessClaims, AccessClaimsError
from policies.reachability.claims import load as network_claims
from policies.reachability.claims.load import ClaimsError
from policies.reachability.claims.models import Claims


@dataclass(frozen=True, eq=False)
class Terms:
    """The claims and settings of a revision, or of this checkout. Nothing is read before it is asked for."""

    environment: str = ""
    content: Callable[[str], bytes] | None = None
    """The content of a file of the revision by its path, empty where there is none; None for this checkout."""
    loaded: Settings | None = None
    """The settings of this checkout, where they were loaded already."""

    @cached_property
    def network(self) -> Claims | None:
        """The claims about connections; None for some that this checkout cannot read."""
        content = self._content("policies/claims.yaml")
        if content is None or content == network_claims.FILE.read_bytes():
            return network_claims.claims()
        try:
            return network_claims.parse(content, file="policies/claims.yaml")
        except ClaimsError:
            return None

    @cached_property
    def access(self) -> AccessClaims | None:
        """The claims about permissions; None for some that this checkout cannot read."""
        content = self._content("policies/access.yaml")
        if content is None or content == access_claims.FILE.read_bytes():
            return access_claims.claims()
        try:
            return access_claims.parse(content, file="policies/access.yaml")
        except AccessClaimsError:
            return None

    @cached_property
    def settings(self) -> Mapping[str, Any] | Settings | None:
        """The environment's settings: of a revision as they are written; None for those that this checkout has in its
        files."""
        if self.loaded is not None:
            return self.loaded
        path = f"envs/{self.environment}.yaml"
        content = self._content(path)
        try:
            return read_yaml(content, file=path).data if content is not None else None
        except SettingsError:
            return {}

    def _content(self, path: str) -> bytes | None:
        return self.content(path) if self.content is not None else None
