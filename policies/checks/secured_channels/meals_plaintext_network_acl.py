"""CKV2_MEALS_121: network ACLs do not open plaintext ports to public addresses.

Network ACLs are stateless: a range of ports above 1023 from the internet lets in the replies to what servers ask, so
only entries count that begin below 1024 or are too narrow for that. Port 80 is left to the security groups, which tell
a load balancer that redirects from a server (CKV2_MEALS_109), and so are protocols that can have TLS on their port.
Default ACLs count too, unlike in Security Hub EC2.21, unless they are as AWS makes them and the only ones of their VPC;
CKV2_MEALS_211 says so first. Source: VPC user guide, "Ephemeral
ports".
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.cidrs import is_private, known_networks
from policies.library.model import Configuration, Resource
from policies.library.network_acls import TYPES, entries, is_as_made
from policies.library.plaintext import WITHOUT_TLS, listing, without_tls
from policies.library.rule import Finding, Findings, nist

HTTP = f"tcp 80 ({WITHOUT_TLS[80]})"


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each entry that lets plaintext in from public addresses."""
    if is_as_made(subject, configuration):
        return
    for entry in entries(subject, "ingress"):
        if not entry.allows:
            continue
        ports = tuple(each for each in without_tls(entry.traffic) if each != HTTP)
        if not ports or entry.traffic.is_for_replies:
            continue
        public = [network for network in known_networks(entry.cidrs, entry.block.place) if not is_private(network)]
        if public:
            yield Finding(
                found=f"{entry.traffic} from {public[0]}, which reaches {listing(ports)}",
                allowed="443, 80 and the ports for replies",
            )


RULE = CheckovRule(
    id="CKV2_MEALS_121",
    name="Network ACLs do not let plaintext in from public addresses",
    severity="high",
    claim="C7",
    controls=nist("SC-7", "SC-8"),
    fix="Allow 443 and, from 1024, the ports for replies.",
    good=examples.NETWORK_ACL_RULE,
    bad=examples.NETWORK_ACL_RULE_OF_EVERYTHING,
    applies_to=TYPES,
    evaluate=evaluate,
)
