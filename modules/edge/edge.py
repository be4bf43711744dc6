"""The public side of an environment, composed: everything between the internet and the servers."""

from collections.abc import Sequence

from cdktf import TerraformOutput
from cdktf_cdktf_provider_aws.lb_listener import (
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionRedirect,
)
from constructs import Construct

from envs.settings.edge import Edge as EdgeSettings
from envs.settings.servers import ORDERING_PREFIX, SERVER_SUFFIX, ServerGroup
from modules.common.context import Context
from modules.common.suppressions import suppress
from modules.edge.certificate import Certificate
from modules.edge.dns import Dns
from modules.edge.load_balancer import LoadBalancer
from modules.edge.ruleset import Route, Ruleset
from modules.edge.user_pool import UserPool
from modules.edge.web_acl import WebAcl
from modules.network.network import Network
from modules.network.wellknown import HTTP_PORT, HTTPS_PORT, INTERNET
from modules.servers.server_template import ServerTemplate
from modules.storage.bucket import Bucket

# A year. Without includeSubDomains: names below the domain may belong to others (RFC 6797, section 14.2).
HSTS = "max-age=31536000"


class Edge(Construct):
    """The internet-facing load balancer at `dns.domain_name`, before the core, the ordering and further servers.

    `further` are the further public servers, each with its settings.

    Port 80 only redirects to 443. Port 443 has a certificate, the ruleset, the user pool for protected paths, and the
    web ACL in front. It is the only thing in the environment that accepts connections from the internet (claim C4).
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        context: Context,
        dns: Dns,
        network: Network,
        settings: EdgeSettings,
        core: ServerTemplate,
        ordering: ServerTemplate,
        further: Sequence[tuple[ServerTemplate, ServerGroup]],
        access_logs: Bucket,
    ) -> None:
        super().__init__(scope, id)
        names, domain_name = context.names, dns.domain_name
        certificate = Certificate(
            self, "certificate", names=names, name="public", domain_name=domain_name, zone_id=dns.public_zone_id
        )
        balancer = LoadBalancer(
            self,
            "load-balancer",
            context=context,
            name="public",
            internal=False,
            network=network,
            access_logs=access_logs,
        )
        _open_to_internet(balancer)
        _redirect_to_https(balancer)
        core_target_group_arn = balancer.add_target_group(core)
        routes = [
            Route(
                name="ordering",
                prefix=ORDERING_PREFIX,
                number=0,
                target_group_arn=balancer.add_target_group(ordering),
            )
        ]
        for server, group in further:
            assert group.path_prefix is not None  # as the rules of its settings say
            assert group.rule_number is not None
            routes.append(
                Route(
                    name=server.name.removesuffix(SERVER_SUFFIX),
                    prefix=group.path_prefix,
                    number=group.rule_number,
                    target_group_arn=balancer.add_target_group(server),
                )
            )
        listener_arn = balancer.add_https_listener(
            "https-listener",
            port=HTTPS_PORT,
            tls_policy=settings.tls_policy,
            certificate_arn=certificate.arn,
            target_group_arn=core_target_group_arn,
            hsts=HSTS,
        )
        Ruleset(
            self,
            "ruleset",
            listener_arn=listener_arn,
            core_target_group_arn=core_target_group_arn,
            routes=routes,
            protected_paths=settings.protected_paths,
            user_pool=UserPool(
                self, "user-pool", names=names, domain_name=domain_name, protected=context.stateful_protection
            ),
        )
        WebAcl(
            self,
            "web-acl",
            context=context,
            settings=settings,
            load_balancer_arn=balancer.arn,
            log_delivery=network.log_delivery,
        )
        balancer.add_alias("alias", zone_id=dns.public_zone_id, host=domain_name)
        TerraformOutput(
            self, "application-url", value=f"https://{domain_name}", description="Where the application answers"
        ).override_logical_id("application_url")


def _open_to_internet(balancer: LoadBalancer) -> None:
    group = balancer.security_group
    group.accept_from_cidr(INTERNET, id="from-internet-https", port=HTTPS_PORT, description="HTTPS from the internet")
    redirected = group.accept_from_cidr(
        INTERNET, id="from-internet-http", port=HTTP_PORT, description="HTTP from the internet, redirected to HTTPS"
    )
    suppress(
        redirected,
        rule="CKV_AWS_260",
        reason="Port 80 of the load balancer answers every request with a redirect to HTTPS and forwards none",
        expires="2027-12-31",
    )
    # The load balancer itself fetches the tokens and the user's claims from the user pool (Application Load Balancer
    # user guide, "Authenticate users"). Cognito's public endpoints have no prefix list, hence the internet; claim C6 is
    # about servers, which have no such rule.
    group.connect_to_cidr(INTERNET, id="to-user-pool", port=HTTPS_PORT, description="HTTPS to the user pool")


def _redirect_to_https(balancer: LoadBalancer) -> None:
    LbListener(
        balancer,
        "http-listener",
        load_balancer_arn=balancer.arn,
        port=HTTP_PORT,
        protocol="HTTP",
        default_action=[
            LbListenerDefaultAction(
                type="redirect",
                redirect=LbListenerDefaultActionRedirect(
                    port=str(HTTPS_PORT), protocol="HTTPS", status_code="HTTP_301"
                ),
            )
        ],
    )
