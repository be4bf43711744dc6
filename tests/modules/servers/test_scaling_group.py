"""How many instances of each server there are, where, and how they are replaced (claim C8)."""

from typing import Any

import pytest

from tests.support.helpers import resource, resources
from tests.support.servers import SERVERS, agent_configuration, scaling_group, subnets, user_data


@pytest.fixture
def group(document, server) -> Any:
    return scaling_group(document, server)


@pytest.fixture
def policies(document, server) -> dict[str, Any]:
    path = f"{server.path}/scaling-group/"
    return {
        each.path.removeprefix(path): each.body["target_tracking_configuration"]
        for each in resources(document, "aws_autoscaling_policy", under=path)
    }


def test_every_server_has_a_group_of_its_own(document):
    groups = {
        resource(document, "aws_autoscaling_group", f"{server.path}/scaling-group/group").address for server in SERVERS
    }
    assert len(groups) == len(SERVERS) == len(resources(document, "aws_autoscaling_group"))


def test_policies_act_on_the_group_of_their_server_only(document, server):
    group = resource(document, "aws_autoscaling_group", f"{server.path}/scaling-group/group")
    found = resources(document, "aws_autoscaling_policy", under=f"{server.path}/")
    assert {each.body["autoscaling_group_name"] for each in found} == {group.reference("name")}


def test_the_group_spans_every_subnet_of_its_tier(document, server, group):
    assert set(group["vpc_zone_identifier"]) == subnets(document, server.tier)


def test_sizes_are_those_of_the_settings(group, server_settings):
    assert (group["min_size"], group["max_size"]) == (server_settings.min_size, server_settings.max_size)


def test_desired_capacity_is_left_to_scaling(group):
    assert "desired_capacity" not in group


def test_health_is_what_the_load_balancer_sees(group):
    assert group["health_check_type"] == "ELB"


def test_instances_have_time_to_boot(group):
    assert group["health_check_grace_period"] == 300


def test_capacity_never_falls_below_what_is_needed(group):
    assert group["instance_maintenance_policy"]["min_healthy_percentage"] == 100


def test_new_templates_are_rolled_out(group):
    assert group["instance_refresh"]["strategy"] == "Rolling"


def test_a_refresh_rolls_back_by_itself(group):
    assert group["instance_refresh"]["preferences"]["auto_rollback"] is True


def test_a_refresh_can_roll_back(document, group):
    """EC2 Auto Scaling refuses to roll back to `$Latest` and to an image named by an SSM parameter."""
    address = group["launch_template"]["version"].removeprefix("${tostring(").removesuffix(".latest_version)}")
    name = address.removeprefix("aws_launch_template.")
    assert not document["resource"]["aws_launch_template"][name]["image_id"].startswith("resolve:ssm:")


def test_a_refresh_is_finished_after_its_last_checkpoint(group):
    assert group["instance_refresh"]["preferences"]["checkpoint_percentages"][-1] == 100


def test_the_group_uses_the_role_that_may_use_the_volume_key(document, group):
    role = resource(document, "aws_iam_service_linked_role", "keys/auto-scaling-role")
    assert group["service_linked_role_arn"] == role.reference("arn")


def test_instances_get_the_group_s_tags(group):
    assert all(tag["propagate_at_launch"] for tag in group["tag"])


def test_the_group_publishes_its_metrics(group):
    assert "GroupInServiceInstances" in group["enabled_metrics"]


def test_instances_start_after_their_permissions_and_log_group(document, server, group):
    policy = resource(document, "aws_iam_role_policy", f"{server.path}/instance-profile/policy")
    log_group = resource(document, "aws_cloudwatch_log_group", f"{server.path}/log-group")
    assert set(group["depends_on"]) == {policy.address, log_group.address}


def test_cpu_and_memory_are_tracked_and_nothing_else(policies):
    assert policies.keys() == {"cpu", "memory"}


def test_cpu_aims_at_the_settings(policies, server_settings):
    assert policies["cpu"] == {
        "predefined_metric_specification": {"predefined_metric_type": "ASGAverageCPUUtilization"},
        "target_value": server_settings.cpu_target_percent,
    }


def test_memory_aims_at_the_settings(policies, server_settings):
    assert policies["memory"]["target_value"] == server_settings.memory_target_percent


def test_memory_is_the_metric_that_the_agent_publishes_for_the_group(document, server, policies, group):
    metric = policies["memory"]["customized_metric_specification"]
    published = agent_configuration(user_data(document, server))["metrics"]
    [measured] = published["metrics_collected"]["mem"]["measurement"]
    assert (metric["namespace"], metric["metric_name"]) == (published["namespace"], measured)


def test_memory_is_aggregated_by_the_group_s_name(document, server, group):
    published = agent_configuration(user_data(document, server))["metrics"]
    assert published["aggregation_dimensions"] == [["AutoScalingGroupName"]]
    assert published["metrics_collected"]["mem"]["append_dimensions"] == {"AutoScalingGroupName": group["name"]}


def test_memory_policy_reads_the_aggregate(document, server, policies):
    address = resource(document, "aws_autoscaling_group", f"{server.path}/scaling-group/group").address
    assert policies["memory"]["customized_metric_specification"]["metric_dimension"] == [
        {"name": "AutoScalingGroupName", "value": f"${{{address}.name}}"}
    ]
