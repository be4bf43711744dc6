"""Mistakes as users make them, on the real bindings and their real kernel."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import App, S3Backend, TerraformStack
from cdktf_cdktf_provider_aws.autoscaling_group import AutoscalingGroup, AutoscalingGroupTag
from cdktf_cdktf_provider_aws.launch_template import LaunchTemplate, LaunchTemplateBlockDeviceMappings
from cdktf_cdktf_provider_aws.lb import Lb
from cdktf_cdktf_provider_aws.mq_broker import MqBroker
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from envs.errors import SettingsError
from modules.runtime import errors as jsii_errors
from modules.runtime.bindings import BindingsError
from modules.runtime.errors import ConstructError, ModuleError, explain

Make = Callable[..., object]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return App(outdir=str(tmp_path_factory.mktemp("out")))


@pytest.fixture
def network(app: App, request: pytest.FixtureRequest) -> Construct:
    stack = TerraformStack(app, re.sub(r"\W+", "-", request.node.name))
    return Construct(stack, "network")


def explained(make: Callable[[], object]) -> ConstructError:
    """The explanation of what `make` raises, of whichever kind that is."""
    with pytest.raises(Exception) as raised:  # noqa: PT011
        make()
    error = explain(raised.value)
    assert error is not None, raised.value
    return error


# what is wrong: (class, arguments, argument, received, allowed)
MISTAKES: dict[str, tuple[Any, dict[str, Any], str, str, str]] = {
    "wrong type": (Vpc, {"cidr_block": 5}, "cidr_block", "5", "str"),
    "list for a string": (Vpc, {"cidr_block": ["10.0.0.0/16"]}, "cidr_block", "['10.0.0.0/16']", "str"),
    "string for a bool": (
        Vpc,
        {"enable_dns_support": "yes"},
        "enable_dns_support",
        "'yes'",
        "bool or a token",
    ),
    "string for a list": (Lb, {"subnets": "subnet-1"}, "subnets", "'subnet-1'", "list of str"),
    "string for a number": (
        AutoscalingGroup,
        {"min_size": "1", "max_size": 1},
        "min_size",
        "'1'",
        "int or float",
    ),
    "wrong type in a list": (Lb, {"subnets": ["a", 7]}, "subnets[1]", "7", "str"),
    "None in a list": (Lb, {"subnets": ["a", None]}, "subnets[1]", "None", "str"),
    "None in a map": (Vpc, {"tags": {"Name": None}}, "tags.Name", "None", "str"),
    "wrong type in a map": (Vpc, {"tags": {"Name": 5}}, "tags.Name", "5", "str"),
    "wrong type in a block": (
        LaunchTemplate,
        {"metadata_options": {"http_tokens": 5}},
        "metadata_options.http_tokens",
        "5",
        "str",
    ),
    "wrong type in a dict in a list": (
        AutoscalingGroup,
        {"min_size": 1, "max_size": 1, "tag": [{"key": "a", "value": [1], "propagateAtLaunch": True}]},
        "tag[0].value",
        "[1]",
        "str",
    ),
    "wrong type for a list of blocks": (
        AutoscalingGroup,
        {"min_size": 1, "max_size": 1, "tag": 5},
        "tag",
        "5",
        "list of AutoscalingGroupTag or a token",
    ),
    "string for a dependency": (
        Vpc,
        {"depends_on": ["vpc"]},
        "depends_on[0]",
        "'vpc'",
        "ITerraformDependable",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_value_of_the_wrong_type(mistake: str, network: Construct) -> None:
    kind, arguments, argument, received, allowed = MISTAKES[mistake]

    error = explained(lambda: kind(network, "wrong", **arguments))

    assert (error.argument, error.received, error.allowed) == (argument, received, allowed)
    assert error.message == f"{argument} is {received}, allowed: {allowed}"
    assert error.construct_path == f"{network.node.path}/wrong"


def test_the_users_own_line_is_shown(network: Construct) -> None:
    error = explained(
        lambda: Vpc(network, "wrong", cidr_block=5)  # type: ignore[arg-type]
    )

    assert error.source_file == "tests/modules/runtime/test_errors.py"
    assert error.source_text == 'lambda: Vpc(network, "wrong", cidr_block=5)  # type: ignore[arg-type]'
    assert linecache.getline(__file__, error.source_line).strip() == error.source_text
    assert str(error) == (
        f"{network.node.path}/wrong: cidr_block is 5, allowed: str\n"
        f"  tests/modules/runtime/test_errors.py:{error.source_line}: {error.source_text}"
    )


def test_a_line_outside_the_project_is_shown_with_its_whole_path(network: Construct, tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.py"
    file.write_text("def make(vpc, scope):\n    vpc(scope, 'wrong', cidr_block=5)\n")
    names: dict[str, Any] = {}
    exec(compile(file.read_text(), file, "exec"), names)

    error = explained(lambda: names["make"](Vpc, network))

    assert (error.source_file, error.source_line) == (str(file), 2)
    assert error.source_text == "vpc(scope, 'wrong', cidr_block=5)"


def test_a_misspelled_argument(network: Construct) -> None:
    error = explained(lambda: Vpc(network, "wrong", cidr_blok="10.0.0.0/16"))  # type: ignore[call-arg]

    assert error.message == "Vpc has no argument cidr_blok, did you mean cidr_block?"
    assert (error.argument, error.received) == ("cidr_blok", "'10.0.0.0/16'")
    assert error.allowed is not None
    assert "enable_dns_support" in error.allowed.split(", ")


def test_an_argument_that_nothing_is_like(network: Construct) -> None:
    error = explained(lambda: S3Backend(network, bucket="b", key="k", zebra=True))  # type: ignore[call-arg]

    assert error.message == "S3Backend has no argument zebra"
    assert error.construct_path == network.node.path


def test_a_misspelled_key_of_a_block(network: Construct) -> None:
    options: Any = {"http_tokenz": "required"}

    error = explained(lambda: LaunchTemplate(network, "wrong", metadata_options=options))

    assert error.message == "LaunchTemplateMetadataOptions has no argument http_tokenz, did you mean http_tokens?"
    assert (error.argument, error.received) == ("metadata_options.http_tokenz", "'required'")
    assert error.construct_path == f"{network.node.path}/wrong"


@pytest.mark.parametrize(
    ("mappings", "argument", "key", "instead"),
    [
        ([{"device_name": "/dev/xvda"}], "[0]", "device_name", "LaunchTemplateBlockDeviceMappings(device_name=...)"),
        ([{"deviceNam": "/dev/xvda"}], "[0]", "deviceNam", "LaunchTemplateBlockDeviceMappings(device_name=...)"),
        (
            [{"deviceName": "a"}, {"deviceName": "b", "ebs": {"volume_size": 8}}],
            "[1].ebs",
            "volume_size",
            "LaunchTemplateBlockDeviceMappingsEbs(volume_size=...)",
        ),
    ],
)
def test_a_key_that_jsii_would_drop_silently(
    mappings: list[Any], argument: str, key: str, instead: str, network: Construct
) -> None:
    error = explained(lambda: LaunchTemplate(network, "wrong", block_device_mappings=mappings))

    argument = f"block_device_mappings{argument}"
    assert (
        error.message
        == f"{argument}: the key {key!r} of this dict would be dropped. In a list, use the class: {instead}"
    )
    assert (error.argument, error.received) == (argument, repr(key))
    assert error.construct_path == f"{network.node.path}/wrong"


def test_keys_that_jsii_keeps_are_left_alone(network: Construct) -> None:
    kept: Any = [
        {"deviceName": "/dev/xvda", "ebs": {"volumeSize": 8}},
        LaunchTemplateBlockDeviceMappings(device_name="/dev/xvdb", ebs={"volume_size": 9}),
    ]
    tags: Any = [{"resourceType": "instance", "tags": {"any_key": "of a map"}}]

    template = LaunchTemplate(network, "right", block_device_mappings=kept, tag_specifications=tags)

    stack: Any = TerraformStack.of(template).to_terraform()
    (resource,) = stack["resource"]["aws_launch_template"].values()
    assert resource["block_device_mappings"] == [
        {"device_name": "/dev/xvda", "ebs": {"volume_size": 8}},
        {"device_name": "/dev/xvdb", "ebs": {"volume_size": 9}},
    ]
    assert resource["tag_specifications"] == [{"resource_type": "instance", "tags": {"any_key": "of a map"}}]


def test_a_missing_argument(network: Construct) -> None:
    error = explained(lambda: Subnet(network, "wrong"))  # type: ignore[call-arg]

    assert error.message == "Subnet needs vpc_id (str)"
    assert (error.argument, error.received, error.allowed) == ("vpc_id", None, "vpc_id (str)")
    assert error.construct_path == f"{network.node.path}/wrong"


def test_a_missing_argument_of_a_block_on_its_own() -> None:
    error = explained(lambda: AutoscalingGroupTag(key="Name", value="x"))  # type: ignore[call-arg]

    assert error.message == "AutoscalingGroupTag needs propagate_at_launch (bool or a token)"
    assert error.construct_path is None
    assert str(error).startswith("AutoscalingGroupTag needs")


def test_a_wrong_value_in_a_block_on_its_own() -> None:
    error = explained(
        lambda: AutoscalingGroupTag(key="Name", value=5, propagate_at_launch=True)  # type: ignore[arg-type]
    )

    assert error.message == "value of AutoscalingGroupTag is 5, allowed: str"


def test_a_missing_key_of_a_dict_in_a_list(network: Construct) -> None:
    tags: Any = [{"key": "Name", "value": "x"}]

    error = explained(lambda: AutoscalingGroup(network, "wrong", min_size=1, max_size=1, tag=tags))

    assert error.message == "tag[0] has no propagate_at_launch, which is required"
    assert (error.argument, error.received) == ("tag[0]", "a dict with key, value")


def test_an_id_that_is_taken(network: Construct) -> None:
    Vpc(network, "vpc", cidr_block="10.0.0.0/16")

    error = explained(lambda: Vpc(network, "vpc", cidr_block="10.0.0.0/16"))

    assert error.message == "the id 'vpc' is taken, allowed: an id that nothing else in network has"
    assert (error.argument, error.construct_path) == ("id_", f"{network.node.path}/vpc")


def test_an_empty_id(network: Construct) -> None:
    error = explained(lambda: Vpc(network, "", cidr_block="10.0.0.0/16"))

    assert (error.message, error.argument) == ("Only root constructs may have an empty ID", "id_")
    assert error.construct_path == network.node.path


def test_an_id_that_a_stack_cannot_have(app: App) -> None:
    error = explained(lambda: TerraformStack(app, "my stack"))

    assert error.message.startswith('Cannot create TerraformStack with id "my stack". It contains a whitespace')
    assert (error.argument, error.received) == ("id_", "'my stack'")


def test_an_id_that_is_no_string(network: Construct) -> None:
    error = explained(lambda: Vpc(network, 5, cidr_block="10.0.0.0/16"))  # type: ignore[arg-type]

    assert error.message == "id_ is 5, allowed: str"


def test_a_scope_that_is_no_construct() -> None:
    error = explained(lambda: Vpc(None, "wrong", cidr_block="10.0.0.0/16"))  # type: ignore[arg-type]

    assert error.message == "scope is None, allowed: Construct"
    assert error.construct_path == "wrong"


def test_a_value_without_a_name(network: Construct) -> None:
    error = explained(lambda: Vpc(network, "wrong", "10.0.0.0/16"))  # type: ignore[call-arg, arg-type]

    assert error.message == "a value without a name, only scope and id are given by position, everything else by name"
    assert error.received == "['10.0.0.0/16']"


def test_a_construct_where_its_id_is_meant(network: Construct) -> None:
    vpc: Any = Vpc(network, "vpc", cidr_block="10.0.0.0/16")

    error = explained(lambda: Subnet(network, "wrong", vpc_id=vpc))

    assert error.message == "vpc_id is a value of type Vpc, allowed: str"


def test_a_property_set_to_the_wrong_type(network: Construct) -> None:
    vpc = Vpc(network, "vpc", cidr_block="10.0.0.0/16")

    error = explained(lambda: setattr(vpc, "cidr_block", 5))

    assert (error.message, error.construct_path) == ("cidr_block is 5, allowed: str", f"{network.node.path}/vpc")


def test_a_construct_of_the_project_itself(network: Construct) -> None:
    class Part(Construct):
        def __init__(self, scope: Construct, construct_id: str, *, cidr: str) -> None:
            super().__init__(scope, construct_id)
            self.vpc = Vpc(self, "vpc", cidr_block=cidr)

    misspelled = explained(lambda: Part(network, "part", cird="10.0.0.0/16"))  # type: ignore[call-arg]
    inside = explained(lambda: Part(network, "part", cidr=5))  # type: ignore[arg-type]

    assert misspelled.message == "Part has no argument cird, did you mean cidr?"
    assert misspelled.construct_path == f"{network.node.path}/part"
    assert inside.construct_path == f"{network.node.path}/part/vpc"
    assert inside.source_text == 'self.vpc = Vpc(self, "vpc", cidr_block=cidr)'


def test_a_password_is_not_shown(network: Construct) -> None:
    user: Any = [{"username": "admin", "password": ["hunter2"]}]

    error = explained(
        lambda: MqBroker(
            network,
            "wrong",
            broker_name="b",
            engine_type="RabbitMQ",
            engine_version="3.13",
            host_instance_type="x",
            user=user,
        )
    )

    assert error.message == "user[0].password is a value of type list, allowed: str"
    assert "hunter2" not in str(error)


def test_a_mistake_that_only_the_synthesis_finds(app: App, tmp_path: Path) -> None:
    lonely = App(outdir=str(tmp_path))
    stack = TerraformStack(lonely, "no-provider")
    Vpc(stack, "vpc", cidr_block="10.0.0.0/16")

    error = explained(lonely.synth)

    assert error.message.startswith(
        "Validation failed with the following errors:\n  [no-provider] Found resources without"
    )
    assert error.argument is None


@pytest.mark.parametrize(
    "mistake",
    [lambda: {}["key"], lambda: int("x"), lambda: len(5), lambda: Path.__init__(), lambda: open("/nonexistent")],  # type: ignore[arg-type, call-arg, index] # noqa: PTH123, SIM115
)
def test_other_errors_are_not_explained(mistake: Make) -> None:
    with pytest.raises(Exception) as raised:  # noqa: PT011
        mistake()
    assert explain(raised.value) is None


def test_an_explained_error_stays_as_it_is(network: Construct) -> None:
    error = explained(lambda: Vpc(network, "wrong", cidr_block=5))  # type: ignore[arg-type]

    assert explain(error) is error


def test_a_whole_synthesis_raises_explained_errors(network: Construct) -> None:
    with pytest.raises(ConstructError, match="cidr_block is 5"), jsii_errors.explained():
        Vpc(network, "wrong", cidr_block=5)  # type: ignore[arg-type]


def test_another_error_of_a_module_is_named_with_its_construct_and_line(app: App, tmp_path: Path) -> None:
    file = tmp_path / "refunds.py"
    file.write_text(
        "from constructs import Construct\nclass Refunds(Construct):\n    def __init__(self, scope, id):\n"
        "        super().__init__(scope, id)\n        {}['queue']\n"
    )
    module: dict[str, Any] = {}
    exec(compile(file.read_text(), str(file), "exec"), module)
    linecache.cache[str(file)] = (1, None, file.read_text().splitlines(keepends=True), str(file))
    with pytest.raises(ModuleError) as raised, jsii_errors.explained():
        module["Refunds"](TerraformStack(app, "another-error"), "refunds")
    lines = ["another-error/refunds: KeyError: 'queue'", f"  {file}:5: {{}}['queue']"]
    assert str(raised.value).splitlines()[:2] == lines
    assert isinstance(raised.value.__cause__, KeyError)


def test_a_file_that_is_not_python_is_named_with_its_line() -> None:
    with pytest.raises(ModuleError) as raised, jsii_errors.explained():
        compile("def broken(:\n", "/src/modules/broken.py", "exec")
    assert str(raised.value).splitlines()[:2] == [
        "SyntaxError: invalid syntax",
        "  /src/modules/broken.py:1: def broken(:",
    ]


def test_errors_that_have_a_text_for_the_user_stay_as_they_are() -> None:
    for error in (BindingsError("no Node"), SettingsError([])):
        with pytest.raises(type(error)) as raised, jsii_errors.explained():
            raise error
        assert raised.value is error


def test_an_error_in_no_module_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsii_errors, "_NO_MODULES", (str(Path(__file__).parents[3]),))
    with pytest.raises(ValueError, match="what"), jsii_errors.explained():
        raise ValueError("what")
