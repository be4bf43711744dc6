"""What a server does when it boots, and what it must never hold."""

import configparser
import re
import subprocess

import pytest

from envs.load import load
from envs.settings.servers import SERVER_NAMES
from modules.common.names import Names
from modules.servers.server_template import merge
from modules.servers.user_data import USER_DATA_LIMIT, DatadogAgent, UserDataError, render
from tests.support.servers import (
    PUBLIC,
    SERVERS,
    agent_configuration,
    cloud_config,
    files,
    user_data,
    variables,
)

DATADOG = DatadogAgent(api_key_secret_name="meals/prod/datadog", site="datadoghq.com")


def rendered(environment="prod", datadog_agent=DATADOG, artifacts=None, **variables):
    settings = load(environment)
    return render(
        names=Names.of(settings),
        server_name="core-server",
        release=settings.release.model_copy(update={"artifacts": artifacts or {}}),
        modules=("menu-catalogue", "feedback"),
        port=8443,
        health_check_path="/health",
        log_group_name="/meals/prod/core-server",
        environment=variables,
        datadog_agent=datadog_agent,
    )


@pytest.fixture
def text(document, server) -> str:
    return user_data(document, server)


def test_user_data_is_cloud_config(text):
    assert text.startswith("#cloud-config\n")


def test_user_data_is_small_enough_for_ec2(text):
    assert len(text.encode()) < USER_DATA_LIMIT / 2


def test_terraform_reads_nothing_in_it_but_references(text):
    """`${` of a shell or `%{` of a format would be a template of Terraform's."""
    found = re.findall(r"\$\{[^}]*\}|%\{", text)
    assert [each for each in found if not re.match(r"\$\{(aws_|data\.|join|element|\w+\()", each)] == []


def test_scripts_are_valid_bash(text):
    scripts = [each["content"] for each in cloud_config(text)["write_files"] if each["permissions"] == "0700"]
    assert scripts
    for script in scripts:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True, timeout=10)


def test_every_script_stops_at_the_first_failure(text):
    scripts = [each["content"] for each in cloud_config(text)["write_files"] if each["permissions"] == "0700"]
    assert all("\nset -euo pipefail\n" in script for script in scripts)


def test_every_script_is_run(text):
    config = cloud_config(text)
    scripts = [[each["path"]] for each in config["write_files"] if each["permissions"] == "0700"]
    assert config["runcmd"] == scripts


def unit(text):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(files(text)["/etc/systemd/system/application.service"])
    return parser


def test_the_application_runs_as_an_unprivileged_user(text):
    assert (unit(text)["Service"]["User"], unit(text)["Service"]["NoNewPrivileges"]) == ("application", "true")


def test_the_application_gets_its_environment(text):
    assert unit(text)["Service"]["EnvironmentFile"] in files(text)


def test_the_application_knows_its_release(text, settings):
    assert variables(text)["APPLICATION_VERSION"] == settings.release.application_version


def test_the_application_knows_the_feature_switches(text, settings):
    found = {name: value for name, value in variables(text).items() if name.startswith("FEATURE_")}
    assert found == {f"FEATURE_{name.upper()}": str(on).lower() for name, on in settings.release.features.items()}


def test_the_application_knows_its_modules(text, server_settings):
    assert variables(text)["MODULES"].split(",") == list(server_settings.modules)


def test_the_application_listens_where_others_connect(text, settings, server):
    port = settings.event_store.port if server.name == "event-store" else settings.servers.port
    assert variables(text)["HTTPS_PORT"] == str(port)


def test_every_server_knows_the_broker_and_the_cluster(text):
    assert {"BROKER_URL", "BROKER_SECRET_NAME"} <= variables(text).keys()
    assert any("KAFKA" in name for name in variables(text))


@pytest.mark.parametrize("client", [each for each in SERVERS if each.name != "event-store"], ids=lambda each: each.name)
def test_other_servers_know_the_event_store(document, settings, client):
    url = variables(user_data(document, client))["EVENT_STORE_URL"]
    assert url.startswith("https://")
    assert url.endswith(f":{settings.event_store.port}")


def test_the_archive_is_of_the_release_and_of_this_server(text, settings, server):
    bucket = settings.artifacts_bucket
    key = f"{server.name}/{settings.release.application_version}.tar.gz"
    assert f'"s3://{bucket}/{key}"' in files(text)["/usr/local/sbin/start-server"]


def test_the_archive_is_verified_before_it_is_unpacked(text):
    script = files(text)["/usr/local/sbin/start-server"]
    assert 0 < script.index("sha256sum --check") < script.index("tar --extract")


def test_a_digest_of_the_release_decides_instead_of_the_checksum_file():
    script = files(rendered(artifacts={"core-server": "c" * 64}))["/usr/local/sbin/start-server"]
    assert f"\nexpected={'c' * 64}  # of the release\n" in script
    assert ".sha256" not in script
    assert script.index(f"expected={'c' * 64}") < script.index("sha256sum --check") < script.index("tar --extract")
    subprocess.run(["bash", "-n"], input=script, text=True, check=True, timeout=10)


def test_without_a_digest_of_the_server_the_checksum_file_decides():
    assert rendered(artifacts={"event-store": "c" * 64}) == rendered()
    assert 'expected=$(aws s3 cp --only-show-errors "s3://' in rendered()


def test_only_what_has_the_digest_is_unpacked(tmp_path):
    """The lines of the script, run with a stand-in for the AWS CLI that fetches another archive."""
    script = files(rendered(artifacts={"core-server": "c" * 64}))["/usr/local/sbin/start-server"]
    lines = script[script.index("archive=$(mktemp)") : script.index("install --directory --mode=0755 /opt")]
    program = f'set -euo pipefail\naws() {{ echo other > "$5"; }}\n{lines}\necho unpacked\n'
    done = subprocess.run(["bash"], input=program, text=True, capture_output=True, timeout=10, cwd=tmp_path)
    assert done.returncode != 0
    assert "unpacked" not in done.stdout
    assert "did NOT match" in done.stderr


def test_every_server_has_a_name_for_its_artifact():
    assert tuple(server.name for server in SERVERS) == SERVER_NAMES


def test_the_application_starts_last(text):
    script = files(text)["/usr/local/sbin/start-server"]
    assert script.rstrip().endswith("systemctl enable --now application.service")


def test_logs_of_boot_and_application_are_collected(text, environment, server):
    collected = agent_configuration(text)["logs"]["logs_collected"]["files"]["collect_list"]
    assert {each["file_path"] for each in collected} == {
        "/var/log/application/application.log",
        "/var/log/cloud-init-output.log",
    }
    assert {each["log_group_name"] for each in collected} == {f"/meals/{environment}/{server.name}"}


def test_the_datadog_agent_runs_on_public_servers_where_enabled(text, settings, server):
    is_installed = "/usr/local/sbin/start-datadog-agent" in files(text)
    assert is_installed == (server in PUBLIC and settings.servers.datadog_agent)


def test_the_datadog_agent_reads_its_key_from_secrets_manager():
    script = files(rendered())["/usr/local/sbin/start-datadog-agent"]
    assert 'api_key: "ENC[meals/prod/datadog;api_key]"\nsecret_backend_type: aws.secrets\n' in script


def test_datadog_s_packages_are_signed_and_come_over_https():
    repository = configparser.ConfigParser()
    repository.read_string(files(rendered())["/etc/yum.repos.d/datadog.repo"])
    assert repository["datadog"]["gpgcheck"] == repository["datadog"]["repo_gpgcheck"] == "1"
    assert repository["datadog"]["baseurl"].startswith("https://yum.datadoghq.com/")


def test_datadog_s_names_are_declared_in_the_channel():
    hosts = set(re.findall(r"https://([^/\s]+)", files(rendered())["/etc/yum.repos.d/datadog.repo"]))
    [channel] = [each for each in load("prod").channels if each.name == "datadog"]
    assert hosts <= set(channel.domains)


def test_a_broken_datadog_repository_does_not_stop_the_server():
    assert "enabled=0" in files(rendered())["/etc/yum.repos.d/datadog.repo"]


def test_no_secret_is_in_it(text):
    assert re.findall(r"(?i)password|passwd|AKIA|BEGIN [A-Z ]*PRIVATE KEY|get-secret-value", text) == []


def test_secrets_are_given_by_name_only(text):
    names = {name for name in variables(text) if re.search("SECRET|KEY|TOKEN", name)}
    assert {name for name in names if not name.endswith(("_SECRET_NAME", "_FILE"))} == set()


def test_the_same_settings_give_the_same_text():
    assert rendered() == rendered()


def test_variables_are_sorted():
    lines = files(rendered(ZEBRA="1", ANT="2"))["/etc/application/environment"].splitlines()
    assert lines == sorted(lines)


@pytest.mark.parametrize("value", ["a\nb", 'a"b', "a'b", "a\\b", "a$b", "${x}", "a%{b}", "a`b"])
def test_values_that_would_be_misread_are_refused(value):
    with pytest.raises(UserDataError, match=r"variable X: .*; allowed: one line without quotes"):
        rendered(X=value)


@pytest.mark.parametrize("value", ["${TfToken[TOKEN.7]}", "failover:(ssl://a:61617,ssl://b:61617)", "x=y, z"])
def test_values_that_are_read_as_they_are_pass(value):
    assert variables(rendered(X=value))["X"] == value


def test_names_that_are_no_variables_are_refused():
    with pytest.raises(UserDataError, match="not a variable's name: 'a-b'; allowed: capitals"):
        rendered(**{"a-b": "1"})


def test_too_much_text_is_refused():
    with pytest.raises(UserDataError, match=r"core-server may take \d+ bytes.*EC2 allows 16384"):
        rendered(LARGE="x" * USER_DATA_LIMIT)


def test_values_known_after_apply_are_counted():
    with pytest.raises(UserDataError, match="for each value known after apply"):
        rendered(**{f"V{number}": f"${{TfToken[TOKEN.{number}]}}" for number in range(30)})


def test_a_variable_is_given_once():
    with pytest.raises(ValueError, match="by the platform and by the server template: A"):
        merge({"A": "1", "B": "2"}, {"A": "3"})
