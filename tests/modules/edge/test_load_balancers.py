"""What both load balancers have in common, and their listeners, target groups and paths."""

import pytest

from modules.common.names import Names

PUBLIC = "edge/public/load-balancer"
PRIVATE = "edge/private-load-balancer/load-balancer"
BOTH = [PUBLIC, PRIVATE]
INTERNET = "0.0.0.0/0"

# Security Hub ELB.17
STRICT_TLS_POLICIES = {
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04",
    "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09",
}

# Target group -> server template
TARGETS = {
    f"{PUBLIC}/core-server": "core-server",
    f"{PUBLIC}/ordering-server": "ordering-server",
    f"{PRIVATE}/event-store": "event-store",
    f"{PRIVATE}/purchase-gateway": "purchase-gateway",
}
HTTPS_LISTENERS = {
    f"{PUBLIC}/https-listener": ("edge/public/certificate", "core-server"),
    f"{PRIVATE}/event-store-listener": ("edge/private-load-balancer/event-store-certificate", "event-store"),
    f"{PRIVATE}/purchase-gateway-listener": (
        "edge/private-load-balancer/purchase-gateway-certificate",
        "purchase-gateway",
    ),
}


def port_of(environment, server):
    return environment.settings.event_store.port if server == "event-store" else environment.settings.servers.port


def group(server):
    return f"servers/security-groups/{server}/group"


def rules(environment, direction, security_group):
    """The rules of a security group, as (peer, first port, last port): a CIDR, or the construct path of a group."""
    found = set()
    for each in environment.all(f"aws_vpc_security_group_{direction}_rule", under=""):
        if environment.target(each.body["security_group_id"]) == security_group:
            peer = each.body.get("cidr_ipv4") or environment.target(each.body["referenced_security_group_id"])
            assert each.body["ip_protocol"] == "tcp"
            found.add((peer, each.body["from_port"], each.body["to_port"]))
    return found


@pytest.fixture(params=BOTH, ids=["public", "private"])
def load_balancer(request, environment):
    """Each load balancer of each environment, as its resource."""
    [found] = environment.all("aws_lb", under=f"{request.param}/")
    return found.body


def test_there_are_two(environment):
    assert len(environment.all("aws_lb", under="")) == 2


def test_every_load_balancer_is_an_application_load_balancer(load_balancer):
    assert load_balancer["load_balancer_type"] == "application"


def test_a_load_balancer_has_ipv4_addresses_only(load_balancer):
    assert load_balancer["ip_address_type"] == "ipv4"


def test_a_load_balancer_drops_invalid_header_fields(load_balancer):
    assert load_balancer["drop_invalid_header_fields"] is True


def test_a_load_balancer_refuses_ambiguous_requests(load_balancer):
    assert load_balancer["desync_mitigation_mode"] == "strictest"


def test_a_load_balancer_is_protected_from_deletion_where_asked(environment, load_balancer):
    assert load_balancer["enable_deletion_protection"] is environment.settings.stateful_protection


def test_an_unprotected_one_says_why(environment, load_balancer):
    suppressed = "CKV_AWS_150" in load_balancer["//"].get("suppressions", {})
    assert suppressed is not environment.settings.stateful_protection


@pytest.mark.parametrize("logs", ["access_logs", "connection_logs"])
def test_a_load_balancer_writes_logs_to_the_bucket_of_access_logs(environment, load_balancer, logs):
    settings = environment.settings
    assert load_balancer[logs]["enabled"] is True
    assert (
        load_balancer[logs]["bucket"] == f"{settings.project}-{settings.environment}-access-logs-{settings.account_id}"
    )


@pytest.mark.parametrize("logs", ["access_logs", "connection_logs"])
def test_its_logs_are_where_the_bucket_lets_load_balancers_write(environment, load_balancer, logs):
    policy = environment.at("aws_s3_bucket_policy", "storage/access-logs/policy")
    [allowed] = environment.statements(policy)["LoadBalancersWriteLogs"]["Resource"]
    bucket = load_balancer[logs]["bucket"]
    assert f"arn:aws:s3:::{bucket}/{load_balancer[logs]['prefix']}/".startswith(allowed.removesuffix("*"))


def test_its_two_logs_are_kept_apart(load_balancer):
    assert load_balancer["access_logs"]["prefix"] != load_balancer["connection_logs"]["prefix"]


def test_a_load_balancer_waits_for_the_permission_to_write_logs(environment, load_balancer):
    [policy] = environment.all("aws_s3_bucket_policy", under="storage/access-logs/")
    assert load_balancer["depends_on"] == [policy.address]


def test_its_name_is_short_enough(load_balancer):
    assert len(load_balancer["name"]) <= 32


def test_public_load_balancer_faces_the_internet(environment):
    [found] = environment.all("aws_lb", under=f"{PUBLIC}/")
    assert found.body["internal"] is False


def test_private_load_balancer_is_internal(environment):
    [found] = environment.all("aws_lb", under=f"{PRIVATE}/")
    assert found.body["internal"] is True


@pytest.mark.parametrize(("path", "tier"), [(PUBLIC, "public"), (PRIVATE, "private")])
def test_load_balancer_has_the_first_subnet_of_each_zone_of_its_tier(environment, path, tier):
    [found] = environment.all("aws_lb", under=f"{path}/")
    zones = len(environment.settings.network.zones_in_use)
    assert [environment.target(each) for each in found.body["subnets"]] == [
        f"network/replica-{replica}/{tier}-subnet" for replica in range(1, zones + 1)
    ]


@pytest.mark.parametrize("path", BOTH)
def test_load_balancer_has_its_security_group(environment, path):
    [found] = environment.all("aws_lb", under=f"{path}/")
    assert [environment.target(each) for each in found.body["security_groups"]] == [f"{path}/security-group/group"]


def test_public_load_balancer_accepts_only_443_and_80_from_the_internet(environment):
    assert rules(environment, "ingress", f"{PUBLIC}/security-group/group") == {
        (INTERNET, 443, 443),
        (INTERNET, 80, 80),
    }


def test_public_load_balancer_calls_its_servers_and_the_user_pool_only(environment):
    port = environment.settings.servers.port
    assert rules(environment, "egress", f"{PUBLIC}/security-group/group") == {
        (group("core-server"), port, port),
        (group("ordering-server"), port, port),
        (INTERNET, 443, 443),
    }


def test_private_load_balancer_accepts_the_clients_of_each_service_only(environment):
    port = environment.settings.event_store.port
    assert rules(environment, "ingress", f"{PRIVATE}/security-group/group") == {
        (group("core-server"), port, port),
        (group("ordering-server"), port, port),
        (group("purchase-gateway"), port, port),
        (group("ordering-server"), 443, 443),
    }


def test_private_load_balancer_calls_its_servers_only(environment):
    store, gateway = environment.settings.event_store.port, environment.settings.servers.port
    assert rules(environment, "egress", f"{PRIVATE}/security-group/group") == {
        (group("event-store"), store, store),
        (group("purchase-gateway"), gateway, gateway),
    }


def test_purchase_gateway_accepts_the_private_load_balancer_only(environment):
    port = environment.settings.servers.port
    assert rules(environment, "ingress", group("purchase-gateway")) == {(f"{PRIVATE}/security-group/group", port, port)}


def test_event_store_accepts_only_the_private_load_balancer_and_its_nodes(environment):
    port = environment.settings.event_store.port
    assert rules(environment, "ingress", group("event-store")) == {
        (f"{PRIVATE}/security-group/group", port, port),
        (group("event-store"), port, port),
    }


@pytest.mark.parametrize("server", ["core-server", "ordering-server"])
def test_public_servers_accept_only_the_load_balancer_and_each_other(environment, server):
    port = environment.settings.servers.port
    assert rules(environment, "ingress", group(server)) == {
        (f"{PUBLIC}/security-group/group", port, port),
        (group("core-server"), port, port),
        (group("ordering-server"), port, port),
    }


def test_http_listener_only_redirects_to_https(environment):
    listener = environment.at("aws_lb_listener", f"{PUBLIC}/http-listener")
    assert (listener["port"], listener["protocol"]) == (80, "HTTP")
    [action] = listener["default_action"]
    assert action == {
        "type": "redirect",
        "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"},
    }


def test_all_listeners_are_known(environment):
    found = {each.path for each in environment.all("aws_lb_listener", under="")}
    assert found == {*HTTPS_LISTENERS, f"{PUBLIC}/http-listener"}


@pytest.mark.parametrize("path", HTTPS_LISTENERS)
def test_listener_speaks_https_with_the_policy_of_the_settings(environment, path):
    listener = environment.at("aws_lb_listener", path)
    assert listener["protocol"] == "HTTPS"
    assert listener["ssl_policy"] == environment.settings.edge.tls_policy


@pytest.mark.parametrize("path", HTTPS_LISTENERS)
def test_listener_has_a_strict_tls_policy(environment, path):
    assert environment.at("aws_lb_listener", path)["ssl_policy"] in STRICT_TLS_POLICIES


@pytest.mark.parametrize(("path", "certificate"), [(path, each[0]) for path, each in HTTPS_LISTENERS.items()])
def test_listener_has_its_validated_certificate(environment, path, certificate):
    arn = environment.at("aws_lb_listener", path)["certificate_arn"]
    assert environment.target(arn) == f"{certificate}/validation"


@pytest.mark.parametrize(("path", "server"), [(path, each[1]) for path, each in HTTPS_LISTENERS.items()])
def test_listener_forwards_by_default(environment, path, server):
    [action] = environment.at("aws_lb_listener", path)["default_action"]
    assert action["type"] == "forward"
    assert environment.target(action["target_group_arn"]) == f"{path.rpartition('/')[0]}/{server}"


@pytest.mark.parametrize("path", HTTPS_LISTENERS)
def test_listener_does_not_name_the_server_software(environment, path):
    assert environment.at("aws_lb_listener", path)["routing_http_response_server_enabled"] is False


def test_listener_ports(environment):
    ports = {path: environment.at("aws_lb_listener", path)["port"] for path in HTTPS_LISTENERS}
    assert ports == {
        f"{PUBLIC}/https-listener": 443,
        f"{PRIVATE}/event-store-listener": environment.settings.event_store.port,
        f"{PRIVATE}/purchase-gateway-listener": 443,
    }


def test_browsers_are_told_to_keep_to_https(environment):
    listener = environment.at("aws_lb_listener", f"{PUBLIC}/https-listener")
    assert listener["routing_http_response_strict_transport_security_header_value"] == "max-age=31536000"


def test_all_target_groups_are_known(environment):
    assert {each.path for each in environment.all("aws_lb_target_group", under="")} == set(TARGETS)


@pytest.mark.parametrize(("path", "server"), TARGETS.items())
def test_target_group_speaks_https_on_the_port_of_its_server(environment, path, server):
    target_group = environment.at("aws_lb_target_group", path)
    assert (target_group["protocol"], target_group["port"]) == ("HTTPS", port_of(environment, server))


@pytest.mark.parametrize("path", TARGETS)
def test_health_check_is_over_https_at_the_path_of_the_settings(environment, path):
    check = environment.at("aws_lb_target_group", path)["health_check"]
    assert (check["protocol"], check["port"]) == ("HTTPS", "traffic-port")
    assert check["path"] == environment.settings.servers.health_check_path


@pytest.mark.parametrize("path", TARGETS)
def test_health_check_can_time_out_before_the_next_one(environment, path):
    check = environment.at("aws_lb_target_group", path)["health_check"]
    assert check["timeout"] < check["interval"]


@pytest.mark.parametrize("path", TARGETS)
def test_new_target_group_is_there_before_the_old_one_goes(environment, path):
    assert environment.at("aws_lb_target_group", path)["lifecycle"] == {"create_before_destroy": True}


@pytest.mark.parametrize(("path", "server"), TARGETS.items())
def test_name_of_a_target_group_changes_with_its_port(environment, path, server):
    target_group = environment.at("aws_lb_target_group", path)
    assert target_group["name"] == Names.of(environment.settings).short_name(server, str(target_group["port"]))


@pytest.mark.parametrize("path", TARGETS)
def test_leaving_servers_finish_their_requests(environment, path):
    assert environment.at("aws_lb_target_group", path)["deregistration_delay"] == "60"


@pytest.mark.parametrize("path", TARGETS)
def test_requests_go_to_the_least_busy_server(environment, path):
    algorithm = environment.at("aws_lb_target_group", path)["load_balancing_algorithm_type"]
    assert algorithm == "least_outstanding_requests"


@pytest.mark.parametrize(("path", "server"), TARGETS.items())
def test_instances_of_the_server_join_its_target_group(environment, path, server):
    attachment = environment.at("aws_autoscaling_attachment", f"{path}-attachment")
    assert environment.target(attachment["lb_target_group_arn"]) == path
    scaling_group = environment.target(attachment["autoscaling_group_name"])
    [body] = [each.body for each in environment.all("aws_autoscaling_group", under="") if each.path == scaling_group]
    assert body["name"].endswith(f"-{server}")


def test_redirecting_port_says_why_it_is_open(environment):
    rule = environment.at("aws_vpc_security_group_ingress_rule", f"{PUBLIC}/security-group/from-internet-http")
    assert set(rule["//"]["suppressions"]) == {"CKV_AWS_260"}


def test_operator_learns_where_the_application_is(environment):
    url = environment.document["output"]["application_url"]["value"]
    assert url == f"https://{environment.settings.domain_name}"
