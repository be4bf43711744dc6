"""In which account and region a resource is, as far as its provider says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policies.access.read.accounts import Accounts
from policies.library.model import Configuration, Resource

_NUMBER = re.compile(r"\d{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d+")


@dataclass(frozen=True, order=True)
class AccountRegion:
    """An account and a region, by what tells them from others."""

    account: str
    region: str

    @property
    def account_title(self) -> str:
        """What the frame of the account is called."""
        return f"AWS account {self.account}" if _NUMBER.fullmatch(self.account) else "AWS account"

    @property
    def region_title(self) -> str:
        """What the frame of the region is called."""
        return f"Region {self.region}" if _REGION.fullmatch(self.region) else "Region"


class Regions:
    """Where each resource of a configuration is."""

    def __init__(self, configuration: Configuration) -> None:
        self._accounts = Accounts(configuration)

    def of(self, resource: Resource) -> AccountRegion:
        """The account and region of a resource."""
        return AccountRegion(self._accounts.id_of(resource), self._accounts.region(resource))
