"""CKV2_MEALS_109: ports whose protocols need not be encrypted are closed to public addresses.

Any public network counts, be it the whole internet or one office. Port 80 may be open where all that answers on it is a
load balancer that redirects to HTTPS: the group belongs to load balancers and to nothing else here, and each of them
has a listener on port 80 that, with its rules, only redirects. A prefix list that is kept elsewhere may hold anybody,
so that it must be known for every port but 443.
"""

from policies.checkov.adapter import CheckovRule
from policies.library import examples
from policies.library.internet import listed_networks, public_networks
from policies.library.model import Configuration, Resource
from policies.library.plaintext import listing, tls_optional, without_tls
from policies.library.redirects import HTTP, is_redirected
from policies.library.rule import Finding, Findings, nist, security_hub
from policies.library.security_groups import TYPES, permissions


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """Findings for each inbound rule with public peers that reaches such a port."""
    for permission in permissions(subject, "ingress"):
        traffic = permission.traffic
        ports = (*without_tls(traffic), *tls_optional(traffic))
        if not ports and (traffic.is_https or not permission.prefix_lists):
            continue
        public = public_networks(permission, configuration) if ports else listed_networks(permission, configuration)
        if ports and public and not (ports == (HTTP,) and is_redirected(permission, configuration)):
            yield Finding(
                found=f"{traffic} from {', '.join(str(each) for each in public)}, which reaches {listing(ports)}",
                allowed="443 from public addresses, and 80 where a load balancer only redirects to HTTPS",
            )


RULE = CheckovRule(
    id="CKV2_MEALS_109",
    name="Plaintext ports are closed to public addresses",
    severity="critical",
    claim="C7",
    controls=security_hub("EC2.18", "EC2.19") + nist("SC-7", "SC-8"),
    fix="Remove the rule, or narrow its ports to 443; give port 80 to a load balancer that only redirects to HTTPS.",
    good=examples.group_rule("ingress", "https", group="edge", peer="0.0.0.0/0", port=443),
    bad=examples.group_rule("ingress", "amqp", group="broker", peer="0.0.0.0/0", port=5671, last=5672),
    applies_to=TYPES,
    evaluate=evaluate,
)
