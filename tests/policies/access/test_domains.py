"""Values of keys that are no texts: each value of a request is in the masks that say so."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from policies.access.domains import Addresses
from policies.reachability import addresses

NETWORKS = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/28", "10.0.1.0/24", "192.0.2.1/32", "2001:db8::/32")
ADDRESSES = (
    "10.0.0.1",
    "10.0.0.17",
    "10.0.1.1",
    "10.1.0.1",
    "11.0.0.1",
    "192.0.2.1",
    "192.0.2.2",
    "2001:db8::1",
    "::1",
)


@given(st.lists(st.sampled_from(NETWORKS), max_size=5), st.sampled_from(ADDRESSES))
def test_an_address_is_in_the_networks_that_hold_it(texts: list[str], address: str) -> None:
    """However the networks come, also from what can be read once only."""
    domain = Addresses(map(addresses.network, texts))
    single = Addresses([addresses.network(address), *map(addresses.network, texts)])
    for made in (single, domain):
        for text in texts:
            for other in texts:
                inside = _is_within(text, other)
                mask, wider = made.mask(addresses.network(text)), made.mask(addresses.network(other))
                assert (mask & ~wider == 0) == inside
    own = single.mask(addresses.network(address))
    for text in texts:
        is_within = ip_address(address) in ip_network(text)
        assert (own & single.mask(addresses.network(text)) != 0) == is_within


def _is_within(text: str, other: str) -> bool:
    inner, outer = ip_network(text), ip_network(other)
    return inner.version == outer.version and inner[0] in outer and inner[-1] in outer
