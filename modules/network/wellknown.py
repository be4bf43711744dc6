"""Addresses and ports that mean the same everywhere: the names for numbers used by more than one file."""

INTERNET = "0.0.0.0/0"  # every IPv4 address; as a route, those that no longer prefix covers
HTTP_PORT = 80  # IANA Service Name and Transport Protocol Port Number Registry: http
HTTPS_PORT = 443  # the same: https


def cidr_label(cidr: str) -> str:
    """Return an IPv4 block as a part of a construct id: `203.0.113.0/24` is `203-0-113-0-24`."""
    return cidr.replace(".", "-").replace("/", "-")
