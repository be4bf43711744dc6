"""What one instance of each server looks like."""

from pathlib import Path
from typing import Any

import pytest
from cdktf import App, TerraformStack

from modules.common.names import Names
from modules.common.provider import add_provider
from modules.servers.image import image_id
from tests.support.servers import PRIVATE, PUBLIC, launch_template, security_group


@pytest.fixture
def template(document, server) -> Any:
    return launch_template(document, server)


def test_imds_version_2_is_required(template):
    assert template["metadata_options"]["http_tokens"] == "required"


def test_credentials_do_not_leave_the_instance(template):
    assert template["metadata_options"]["http_put_response_hop_limit"] == 1


def test_instance_type_is_that_of_the_settings(template, server_settings):
    assert template["instance_type"] == server_settings.instance_type


def test_root_volume_is_encrypted_with_the_compute_key(template):
    [device] = template["block_device_mappings"]
    assert (device["ebs"]["encrypted"], device["ebs"]["kms_key_id"].startswith("${aws_kms_key.keys_compute_")) == (
        "true",
        True,
    )


def test_root_volume_is_gp3_of_the_size_in_the_settings(template, server_settings):
    [device] = template["block_device_mappings"]
    assert (device["device_name"], device["ebs"]["volume_type"], device["ebs"]["volume_size"]) == (
        "/dev/xvda",
        "gp3",
        server_settings.root_volume_gib,
    )


def test_detailed_monitoring_is_on(template):
    assert template["monitoring"] == {"enabled": True}


def test_instances_are_in_their_own_security_group_only(document, server, template):
    [interface] = template["network_interfaces"]
    assert interface["security_groups"] == [security_group(document, server)]


@pytest.mark.parametrize("public", PUBLIC, ids=lambda server: server.name)
def test_public_servers_have_public_addresses(document, public):
    [interface] = launch_template(document, public)["network_interfaces"]
    assert interface["associate_public_ip_address"] == "true"


@pytest.mark.parametrize("private", PRIVATE, ids=lambda server: server.name)
def test_private_servers_refuse_public_addresses(document, private):
    [interface] = launch_template(document, private)["network_interfaces"]
    assert interface["associate_public_ip_address"] == "false"


def test_only_public_servers_suppress_public_addresses_with_a_reason(document, server, template):
    suppressed = template["//"].get("suppressions", {}).keys()
    assert suppressed == ({"CKV_AWS_88", "CKV2_MEALS_203"} if server.tier == "public" else set())


def test_everything_a_launch_makes_is_tagged(template):
    assert {each["resource_type"] for each in template["tag_specifications"]} == {
        "instance",
        "network-interface",
        "volume",
    }


def test_tags_say_whose_instance_it_is(template, environment, server):
    tags = template["tag_specifications"][0]["tags"]
    assert (tags["Environment"], tags["Name"]) == (environment, f"meals-{environment}-{server.name}")


def test_image_is_read_from_the_parameter_of_the_release(document, template, settings):
    assert not settings.release.is_resolved
    name = template["image_id"].removeprefix("${data.aws_ssm_parameter.").removesuffix(".insecure_value}")
    assert document["data"]["aws_ssm_parameter"][name]["name"] == settings.release.ami


def test_all_servers_have_the_image_of_one_look_up(document):
    assert len(document["data"]["aws_ssm_parameter"]) == 1
    images = {each["image_id"] for each in document["resource"]["aws_launch_template"].values()}
    assert len(images) == 1


def test_an_ami_id_is_used_as_it_is_and_needs_no_look_up(tmp_path: Path, settings):
    stack = TerraformStack(App(outdir=str(tmp_path)), "dev")
    add_provider(stack, Names.of(settings))
    release = settings.release.model_copy(update={"ami": "ami-0123456789abcdef0"})
    assert image_id(stack, release) == "ami-0123456789abcdef0"
    assert "data" not in stack.to_terraform()
