"""What tests of the sandbox share."""

from collections.abc import Callable
from typing import Any

ACCOUNT_ID = "111111111111"

Client = Callable[[str], Any]
"""Makes a client of an AWS service, by the service's name."""
