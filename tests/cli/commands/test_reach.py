"""`infra reach` as users run it, and the names by which it finds what they mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.commands.reach import command
from cli.core.reach import table
from cli.core.reach.network import NoSuchEndpoint, NotReadable, endpoints, network_at
from cli.core.reach.question import Question, ask, data, report
from cli.ui.app import Application
from policies.reachability import traffic
from policies.reachability.analysis import Answer, answer
from policies.reachability.matrix import matrix
from policies.reachability.network import Network, Node, Subnet
from tests.support.building import WORLD, acl, group, node, permission, subnet, uncertain
from tests.support.building import network as built
from tests.support.convert import as_plan
from tests.support.hcl import resource
from tests.support.helpers import infra
from tests.support.random_networks import Drawing
from tests.support.reading import load_files


def vpc(name: str) -> str:
    """A VPC with an internet gateway and a subnet."""
    address = f"aws_vpc.{name}"
    return (
        resource(address, cidr_block="10.0.0.0/16")
        + resource(f"aws_internet_gateway.{name}", vpc_id=f"{address}.id")
        + resource(f"aws_subnet.{name}", vpc_id=f"{address}.id", cidr_block="10.0.1.0/24")
    )


def to_internet(name: str) -> dict[str, str]:
    """The route of the VPC of a name to the internet."""
    return {"cidr_block": "0.0.0.0/0", "gateway_id": f"aws_internet_gateway.{name}.id"}


def tcp(port: int, cidr: str) -> dict[str, Any]:
    """A rule of a security group."""
    return {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": [cidr]}


TERRAFORM = (
    vpc("a")
    + resource("aws_route_table.a", vpc_id="aws_vpc.a.id", route=to_internet("a"))
    + resource("aws_route_table_association.a", route_table_id="aws_route_table.a.id", subnet_id="aws_subnet.a.id")
    + resource("aws_security_group.web", vpc_id="aws_vpc.a.id", ingress=tcp(443, "203.0.113.0/24"))
    + resource("aws_security_group.database", vpc_id="aws_vpc.a.id", ingress=tcp(5432, "0.0.0.0/0"))
    + resource(
        "aws_instance.web",
        subnet_id="aws_subnet.a.id",
        private_ip="10.0.1.20",
        associate_public_ip_address=True,
        vpc_security_group_ids=["aws_security_group.web.id"],
        tags={"Name": "front"},
    )
    + resource(
        "aws_instance.database",
        subnet_id="aws_subnet.a.id",
        private_ip="10.0.1.30",
        vpc_security_group_ids=["aws_security_group.database.id"],
        tags={"Name": "back"},
    )
)
OTHER_VPC = (
    vpc("b")
    + resource(
        "aws_default_route_table.b",
        default_route_table_id="aws_vpc.b.default_route_table_id",
        route=to_internet("b"),
    )
    + resource("aws_security_group.client", vpc_id="aws_vpc.b.id", egress=tcp(443, "0.0.0.0/0"))
    + resource(
        "aws_instance.client",
        subnet_id="aws_subnet.b.id",
        associate_public_ip_address=True,
        vpc_security_group_ids=["aws_security_group.client.id"],
    )
)


@pytest.fixture
def terraform(tmp_path: Path) -> Path:
    """A directory with a small network."""
    (tmp_path / "terraform").mkdir()
    (tmp_path / "terraform" / "main.tf").write_text(TERRAFORM)
    return tmp_path / "terraform"


@pytest.fixture
def network(terraform: Path) -> Network:
    """The small network."""
    return network_at(terraform)


def asked(path: Path, *arguments: str) -> Any:
    """The answer to a question as data."""
    done = infra("reach", str(path), *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_environment_is_synthesized_aside(checkout: Path) -> None:
    done = infra("reach", "dev", "--from", "internet", "--to", "core", root=checkout, cwd=checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("yes: internet can open tcp 443 to core through public_load_balancer\n")
    assert "aws_lb_listener.edge_public_load-balancer_https-listener" in done.stdout
    assert not (checkout / "cdktf.out").exists()


def test_a_yes_has_a_witness_and_a_no_has_what_blocks_it(terraform: Path) -> None:
    done = infra("reach", str(terraform), "--from", "internet", "--to", "front", "--port", "443")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "yes: internet can open tcp 443 to web"
    assert lines[1] == "  internet 203.0.113.10 -> web 10.0.1.20, tcp 443"
    assert any("tcp 443 from 203.0.113.0/24 (aws_security_group.web)" in line for line in lines)
    assert any(line.startswith("    <- route table ") for line in lines)
    done = infra("reach", str(terraform), "--from", "internet", "--to", "back", "--port", "5432")
    assert done.returncode == 0
    none = "database has no public IPv4 address; database has no IPv6 address"
    assert done.stdout.splitlines() == [
        "no: internet cannot open tcp 5432 to database",
        "  internet -> database",
        f"    -> internet gateway (aws_instance.database): {none}",
    ]


def test_the_answer_as_data(terraform: Path) -> None:
    answer = asked(terraform, "--from", "internet", "--to", "web")
    assert (answer["reachable"], answer["traffic"]) == (True, "all traffic")
    path = {"from": "internet", "to": "web", "through": [], "sent": "tcp 443", "arrives": "tcp 443"}
    assert answer["paths"] == [path]
    (leg,) = answer["witness"]
    assert {hop["direction"] for hop in leg["hops"]} == {"forward", "return"}
    assert answer["blocked_by"] == []
    answer = asked(terraform, "--from", "internet", "--to", "web", "--port", "22")
    assert (answer["reachable"], answer["witness"]) == (False, [])
    assert [block["place"] for block in answer["blocked_by"]] == ["security groups web, inbound"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--from", "203.0.113.7", "--to", "web", "--port", "443"), True),
        (("--from", "198.51.100.7", "--to", "web", "--port", "443"), False),
        (("--from", "203.0.112.0/23", "--to", "web", "--port", "443"), True),
        (("--from", "internet", "--to", "10.0.1.20", "--port", "440-450"), True),
        (("--from", "internet", "--to", "web", "--port", "443", "--protocol", "udp"), False),
        (("--from", "web", "--to", "database", "--port", "5432"), False),
        (("--from", "0.0.0.0/0", "--to", "web", "--port", "443"), True),
        (("--from", "203.0.0.0/8", "--to", "web", "--port", "443"), True),
        (("--from", "198.51.100.0/24", "--to", "web", "--port", "443"), False),
        (("--from", "internet", "--to", "10.0.0.0/16", "--port", "443"), True),
        (("--from", "internet", "--to", "10.0.1.24/29", "--port", "5432"), False),
        (("--from", "*", "--to", "web"), True),
        (("--from", "*", "--to", "web", "--port", "22"), False),
        (("--from", "2001:db8::/32", "--to", "web"), False),
        (("--from", "::/0", "--to", "web"), False),
    ],
)
def test_questions(arguments: tuple[str, ...], expected: bool, terraform: Path) -> None:
    """An aws_security_group without egress lets nothing out: Terraform removes AWS's default rule."""
    assert asked(terraform, *arguments)["reachable"] is expected


def test_what_the_internet_reaches_is_never_expected_not_to_be_reached(terraform: Path) -> None:
    done = infra("reach", str(terraform), "--from", "0.0.0.0/0", "--to", "web", "--expect", "no")
    assert done.returncode == 3
    assert done.stdout.startswith("yes: internet (0.0.0.0/0) can open tcp 443 to web\n")
    done = infra("reach", str(terraform), "--from", "0.0.0.0/0", "--to", "database", "--expect", "no")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "no: 0.0.0.0/0 cannot open anything to database"
    assert {"  internet -> database", "  web -> database", "  s3 -> database"} <= set(lines)


def test_a_network_is_all_that_has_an_address_in_it(network: Network) -> None:
    def named(text: str) -> list[str]:
        return [end.name for end in endpoints(network, text).ends]

    assert named("0.0.0.0/0") == named("*") == ["dynamodb", "internet", "s3", "database", "web"]
    assert named("203.0.112.0/23") == named("::/0") == ["internet"]
    assert named("10.0.1.16/28") == ["database", "web"]
    assert named("10.0.1.30/32") == ["database"]


def test_an_address_that_an_end_may_have_is_an_assumption() -> None:
    net = built(*stands("client", open_to="10.0.0.0/16"), *stands("server", open_to="10.0.0.0/16"))
    question = Question(endpoints(net, "10.0.1.7"), endpoints(net, "server"))
    assert {end.name for end in question.source.ends} == {"client", "server"}
    reply = ask(net, question)
    assert data(question, reply)["assumed"] is True
    assert "the address of client is not in the Terraform: taken for one of 10.0.1.7/32" in report(question, reply)


def test_servers_that_are_alike_are_asked_about_once() -> None:
    net = built(*stands(*(f"web[{number}]" for number in range(50)), open_to="10.0.0.0/16"))
    (end,) = endpoints(net, "10.0.0.0/16").ends
    assert (end.name, len(end.alike)) == ("web[0]", 49)
    question = Question(endpoints(net, "*"), endpoints(net, "web[3]"))
    reply = ask(net, question)
    assert report(question, reply).startswith("yes: web[0] and 49 like it (*) can open tcp 443 to web[3]\n")


def test_a_no_says_which_modules_are_not_here(terraform: Path) -> None:
    (terraform / "absent.tf").write_text('module "elsewhere" {\n  source = "example.org/elsewhere/aws"\n}\n')
    answer = asked(terraform, "--from", "internet", "--to", "database")
    assert (answer["reachable"], answer["assumed"]) == (False, True)
    assert any("module.elsewhere" in each for each in answer["assumptions"])
    done = infra("reach", str(terraform), "--from", "internet", "--to", "database")
    assert done.stdout.splitlines()[-1].startswith("assumed: ")


def test_two_ends_outside_are_no_question(network: Network) -> None:
    with pytest.raises(NoSuchEndpoint, match="internet and s3 are both outside"):
        ask(network, Question(endpoints(network, "internet"), endpoints(network, "s3")))


def test_two_ends_may_meet_on_the_internet(terraform: Path) -> None:
    (terraform / "other.tf").write_text(OTHER_VPC)
    answer = asked(terraform, "--from", "client", "--to", "web", "--port", "443")
    assert (answer["reachable"], answer["over_internet"], answer["blocked_by"]) == (True, True, [])
    assert [(leg["from"], leg["to"]) for leg in answer["witness"]] == [("client", "internet"), ("internet", "web")]
    done = infra("reach", str(terraform), "--from", "client", "--to", "web")
    assert done.stdout.startswith("yes: client can open tcp 443 to web over the internet\n")
    assert done.stdout.endswith("assumed: the public addresses of both are such that the rules let them through\n")
    for question in (("client", "web", "22"), ("client", "database", "5432"), ("web", "client", "443")):
        source, target, port = question
        assert asked(terraform, "--from", source, "--to", target, "--port", port)["reachable"] is False


@pytest.mark.parametrize(("expect", "code"), [("yes", 0), ("no", 3)])
def test_an_answer_that_is_not_expected_ends_with_3(expect: str, code: int, terraform: Path) -> None:
    done = infra("reach", str(terraform), "--from", "internet", "--to", "web", "--expect", expect)
    assert done.returncode == code


def test_the_matrix(terraform: Path) -> None:
    done = infra("reach", str(terraform))
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["from", "to", "through", "traffic"],
        ["internet", "web", "tcp", "443"],
    ]
    data = json.loads(infra("reach", str(terraform), "--json").stdout)
    path = {"from": "internet", "to": "web", "through": [], "traffic": "tcp 443", "assumed": False}
    assert data["paths"] == [path]
    assert {node["address"] for node in data["nodes"]} == {"aws_instance.web", "aws_instance.database"}
    assert json.loads(infra("reach", str(terraform), "--to", "back", "--json").stdout)["paths"] == []


def test_a_plan_gives_the_same_answers(tmp_path: Path) -> None:
    plan = as_plan(load_files(tmp_path, {"main.tf": TERRAFORM}), applied=False)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    assert asked(tmp_path / "plan.json", "--from", "internet", "--to", "aws_instance.web")["reachable"] is True
    assert asked(tmp_path / "plan.json", "--from", "internet", "--to", "aws_instance.database")["reachable"] is False


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("internet", "internet"),
        ("web", "web"),
        ("aws_instance.web", "web"),
        ("front", "web"),
        ("10.0.1.30", "database"),
        ("8.8.8.8", "internet"),
        ("s3", "s3"),
    ],
)
def test_names(text: str, name: str, network: Network) -> None:
    assert [end.name for end in endpoints(network, text).ends] == [name]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("module.elsewhere.aws_instance.this[0]", "module.elsewhere"),
        ("elsewhere", "module.elsewhere"),
        ('aws_instance.some["a"]', "some"),
    ],
)
def test_what_may_be_in_a_part_that_is_not_known_is_that_part(text: str, end: str, terraform: Path) -> None:
    (terraform / "absent.tf").write_text(
        'module "elsewhere" {\n  source = "example.org/elsewhere/aws"\n}\nvariable "number" {}\n'
        'resource "aws_instance" "some" {\n  for_each = var.number\n  subnet_id = aws_subnet.a.id\n}\n'
    )
    found = endpoints(network_at(terraform), text)
    assert (found.name, [each.name for each in found.ends]) == (text, [end])
    answer = asked(terraform, "--from", text, "--to", "internet")
    assert not answer["reachable"] or answer["assumed"]
    done = infra("reach", str(terraform), "--from", "internet", "--to", "aws_instance.nothing")
    assert "nothing here is called aws_instance.nothing" in done.stderr


def test_construct_paths_are_names(synthesized_directory: Path) -> None:
    network = network_at(synthesized_directory / "stacks" / "prod")
    assert endpoints(network, "prod/event-store/server/scaling-group/group").name == "event_store"
    assert endpoints(network, "event-store").name == "event_store"
    with pytest.raises(NoSuchEndpoint, match=r"servers may be any of core, ordering; name one of them"):
        endpoints(network, "servers")
    assert {end.name for end in endpoints(network, "10.0.1.7").ends} >= {"core", "ordering", "public_load_balancer"}


def test_an_unknown_name_is_told_with_what_is_allowed(terraform: Path) -> None:
    done = infra("reach", str(terraform), "--from", "internt", "--to", "web")
    assert done.returncode == 1
    assert done.stderr == (
        "infra: nothing here is called internt. Did you mean internet? Allowed: internet, dynamodb, s3, database, web; "
        "an address or a network, such as 0.0.0.0/0; * for everything\n"
    )


def test_an_address_of_nothing_is_told(network: Network) -> None:
    with pytest.raises(
        NoSuchEndpoint, match=r"10\.9\.0\.1 is no address of anything .*; nor on the internet\. Allowed: "
    ):
        endpoints(network, "10.9.0.1")
    with pytest.raises(NoSuchEndpoint, match=r"10\.0\.200\.1 is no address of .*; it is in a, where nothing has it\. "):
        endpoints(network, "10.0.200.1")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "443", "--from", "internet", "--to", "web", "--protocol", "carrier-pigeon"),
        ("--port", "70000"),
        ("--port", "https"),
        ("--port", "20-10"),
        ("--port", "-1"),
        ("--protocol", "300"),
        ("--expect", "yes"),
    ],
)
def test_what_makes_no_question_is_a_usage_error(arguments: tuple[str, ...], terraform: Path) -> None:
    done = infra("reach", str(terraform), *arguments)
    assert done.returncode == 64
    assert "Error: " in done.stderr


def test_an_unknown_environment_is_told_with_those_there_are() -> None:
    done = infra("reach", "prodd")
    assert done.returncode == 64
    assert "there is no environment 'prodd'. Environments: dev, staging, prod. Did you mean 'prod'?" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty/readme.md", "", "holds no Terraform"),
        ("plan.json", "{", "is not JSON"),
        ("plan.json", "[]", "is not a plan"),
        ("main.tf", 'resource "aws_vpc" "a" {', "main.tf"),
    ],
)
def test_what_is_not_understood_is_no_network(name: str, content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    with pytest.raises(NotReadable, match=message):
        network_at(path if path.suffix == ".json" else path.parent)


def test_a_directory_stands_for_the_only_one_below_that_holds_terraform(terraform: Path, tmp_path: Path) -> None:
    (terraform / ".terraform" / "modules").mkdir(parents=True)
    (terraform / ".terraform" / "modules" / "main.tf").write_text("")
    assert {node.name for node in network_at(tmp_path).nodes.values()} == {"web", "database"}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "main.tf.json").write_text("{}")
    with pytest.raises(NotReadable, match=r"name the root module below it that is meant: \S+/other, \S+/terraform$"):
        network_at(tmp_path)


def test_nothing_at_a_path_is_told(tmp_path: Path) -> None:
    done = infra("reach", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stderr) == (64, f"infra: {tmp_path}/nowhere: there is no such file or directory\n")


def stands(*names: str, open_to: str, port: int = 443, where: Subnet | None = None) -> list[Node]:
    """Servers of some names in one subnet, each open on a port to whoever is in a group or has an address."""
    around = group(f"sg-{names[0]}", [permission(open_to, about=traffic.tcp(port))], [permission("10.0.0.0/16")])
    return [node(name, where or subnet("one", "10.0.1.0/24"), around) for name in names]


def test_rows_join_what_is_alike() -> None:
    found = built(*stands("b", "a", open_to="10.0.0.0/16"), *stands("c", open_to="sg-c"))
    assert [(row.sources, row.targets, row.path) for row in table.rows(found, matrix(found))] == [
        (("a", "b"), ("a", "b"), table.PathSummary((), traffic.tcp(443))),
        (("c",), ("a", "b", "c"), table.PathSummary((), traffic.tcp(443))),
    ]
    some = table.rows(found, matrix(found, sources=["c"], targets=["a", "c"]))
    assert [(row.sources, row.targets) for row in some] == [(("c",), ("a", "c"))]
    assert table.rows(found, matrix(found), traffic.tcp(80)) == []


def test_what_differs_inside_a_subnet_has_rows_of_its_own() -> None:
    closed = acl([], [], "closed")
    places = [subnet(f"subnet-{number}", f"10.0.{number}.0/24", around=closed) for number in (1, 2)]
    found = built(*(each for where in places for each in stands(where.name, open_to="10.0.0.0/16", where=where)))
    assert [(row.sources, row.targets) for row in table.rows(found, matrix(found))] == [
        (("subnet-1",), ("subnet-1",)),
        (("subnet-2",), ("subnet-2",)),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_json_has_every_pair_and_is_written_as_any_other(seed: int) -> None:
    found = Drawing(seed).network()
    whole = matrix(found)
    text = "".join(table.document(found, whole))
    data = json.loads(text)
    assert text == json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    pairs = [(path["from"], path["to"]) for path in data["paths"]]
    assert list(dict.fromkeys(pairs)) == list(whole.answers)


def test_the_json_of_nothing() -> None:
    found = built(*stands("a", open_to="192.168.0.0/16"))
    assert json.loads("".join(table.document(found, matrix(found))))["paths"] == []


def test_what_rests_on_an_assumption_is_marked() -> None:
    doubtful = group("sg-a", [uncertain(permission("10.0.0.0/16"))], [permission("10.0.0.0/16")])
    found = built(node("a", subnet("one", "10.0.1.0/24"), doubtful), *stands("b", open_to="10.0.0.0/16"))
    marks = {row.targets: row.path.is_assumed for row in table.rows(found, matrix(found))}
    assert marks == {("a",): True, ("b",): False}


def test_traffic_that_rests_on_an_assumption_has_a_row_of_its_own() -> None:
    rules = [permission("10.0.0.0/16", about=traffic.tcp(443)), uncertain(permission(WORLD, about=traffic.tcp(22)))]
    found = built(node("a", subnet("one", "10.0.1.0/24"), group("sg-a", rules, [permission("10.0.0.0/16")])))
    assert [row.path for row in table.rows(found, matrix(found, targets=["a"]))] == [
        table.PathSummary((), traffic.tcp(443)),
        table.PathSummary((), traffic.tcp(22), is_assumed=True),
    ]


def test_only_what_is_asked_about_is_worked_out(monkeypatch: pytest.MonkeyPatch, terraform: Path) -> None:
    asked: set[str] = set()

    def spied(network: Network, source: str, target: str) -> Answer:
        asked.add(source)
        return answer(network, source, target)

    monkeypatch.setattr("policies.reachability.matrix.answer", spied)
    result = CliRunner().invoke(command, [str(terraform), "--from", "web"], obj=Application())
    assert result.exit_code == 0
    assert asked == {"aws_instance.web"}


def test_names_of_a_family_are_told_as_one() -> None:
    every = ["endpoint_kms", "endpoint_s3", "endpoint_sts", "core", "pipe_a", "pipe_b"]
    assert table.joined(["core", "endpoint_kms", "endpoint_s3", "endpoint_sts"], every) == "core, endpoint_*"
    assert (
        table.joined(["endpoint_kms", "pipe_a", "pipe_b", "internet"], every)
        == "endpoint_kms, pipe_a, pipe_b, internet"
    )


def test_instances_are_told_as_one_and_many_names_are_counted() -> None:
    web = [f"web[{number}]" for number in range(30)]
    assert table.joined(["internet", *web], ["internet", *web, "web"]) == "internet, web[*]"
    assert table.joined(web[1:], web) == f"{', '.join(web[1:11])}, and 19 more"
