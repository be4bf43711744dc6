"""User data of a server: cloud-init configuration from the Jinja2 templates beside this file. Pure and deterministic.

Everybody who may describe the launch template reads user data, and so does every process on the instance: it holds
names of secrets, never secrets. The application reads them at run time from Secrets Manager with the server's role.

What a build provides, and what a server does with it:

- `s3://<artifacts bucket>/<server>/<application version>.tar.gz`, and beside it the same name with `.sha256` added,
  whose first word is the SHA-256 of the archive in hexadecimal; `infra artifact put` makes both. A server starts only
  an archive with the digest that the release names; where the release names none, with that of the file beside it.
- The archive holds `bin/server`, an executable. It runs as an unprivileged user with the variables of
  `/etc/application/environment` and answers HTTPS on `HTTPS_PORT` with the certificate and key in
  `TLS_CERTIFICATE_FILE` and `TLS_KEY_FILE`. The certificate is self-signed: load balancers do not verify those of
  targets (Elastic Load Balancing user guide, "Target groups for your Application Load Balancers").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from envs.settings.release import Release
from modules.common.names import ARTIFACTS, Names
from modules.servers.instance_profile import METRICS_NAMESPACE

USER_DATA_LIMIT = 16_384
"""Largest user data in bytes, before base64 (Amazon EC2 user guide, "Run commands when you launch an EC2 instance")."""

TOKEN_ALLOWANCE = 512
"""Bytes counted for a value known only after apply. The longest, the URL of a broker's node, takes under 200."""

_FILES = (
    ("/etc/application/environment", "0644", "environment.j2"),
    ("/etc/application/cloudwatch-agent.json", "0644", "cloudwatch-agent.json.j2"),
    ("/etc/logrotate.d/application", "0644", "logrotate.j2"),
    ("/etc/systemd/system/application.service", "0644", "application.service.j2"),
    ("/usr/local/sbin/start-server", "0700", "start-server.sh.j2"),
)
_DATADOG_FILES = (
    ("/etc/yum.repos.d/datadog.repo", "0644", "datadog.repo.j2"),
    ("/usr/local/sbin/start-datadog-agent", "0700", "start-datadog-agent.sh.j2"),
)
"""Path, permissions and template of the files on a server. cloud-init runs the scripts (0700) in this order; one that
fails does not stop the next, and shows in the log."""

_TEMPLATES = Path(__file__).with_name("templates")
_TOKEN = re.compile(r"\$\{TfToken\[[^\]]*\]\}")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
_UNQUOTABLE = re.compile(r"[\x00-\x1f\"'\\`$%]")


class UserDataError(ValueError):
    """User data that EC2 or the instance would misread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatadogAgent:
    """How the DataDog agent runs: the name of the secret with its API key (JSON key `api_key`), and DataDog's site."""

    api_key_secret_name: str
    site: str


def render(
    *,
    names: Names,
    server_name: str,
    release: Release,
    modules: Sequence[str],
    port: int,
    health_check_path: str,
    log_group_name: str,
    environment: Mapping[str, str],
    datadog_agent: DatadogAgent | None,
) -> str:
    """Return the cloud-init configuration of one server as text.

    `environment` are variables for the application beside those that every server has: what it is, its modules, the
    release's version and feature switches, and its HTTPS listener.

    Raises UserDataError for a variable that an environment file cannot hold, and for more than 16 KiB.
    """
    variables = {
        **environment,
        **{f"FEATURE_{name.upper()}": "true" if on else "false" for name, on in release.features.items()},
        "APPLICATION_VERSION": release.application_version,
        "AWS_REGION": names.region,
        "ENVIRONMENT": names.environment,
        "HEALTH_CHECK_PATH": health_check_path,
        "HTTPS_PORT": str(port),
        "MODULES": ",".join(modules),
        "SERVER_NAME": server_name,
        "TLS_CERTIFICATE_FILE": "/etc/application/tls/certificate.pem",
        "TLS_KEY_FILE": "/etc/application/tls/key.pem",
    }
    for name, value in variables.items():
        _check_variable(name, value)
    text = (
        _environment()
        .get_template("cloud-config.yaml.j2")
        .render(
            artifact=f"s3://{names.bucket(ARTIFACTS)}/{server_name}/{release.application_version}.tar.gz",
            artifact_digest=release.artifacts.get(server_name, ""),
            autoscaling_group_name=names.name(server_name),
            datadog_agent=datadog_agent,
            environment=names.environment,
            files=_FILES + (_DATADOG_FILES if datadog_agent else ()),
            log_group_name=log_group_name,
            metrics_namespace=METRICS_NAMESPACE,
            region=names.region,
            server_name=server_name,
            variables=sorted(variables.items()),
        )
    )
    _check_size(text, server_name)
    return text


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # the output is YAML, JSON and shell; HTML entities would corrupt it, and inputs are checked
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
    )


def _check_variable(name: str, value: str) -> None:
    """Refuse what systemd would read as anything but itself (systemd.exec(5), `EnvironmentFile=`), or Terraform."""
    if not _VARIABLE.fullmatch(name):
        raise UserDataError(f"not a variable's name: {name!r}; allowed: capitals, digits and underscores")
    if unquotable := _UNQUOTABLE.search(_TOKEN.sub("", value)):
        raise UserDataError(
            f"variable {name}: {unquotable[0]!r} in {value!r}; allowed: one line without quotes, backslash, ` $ and %"
        )


def _check_size(text: str, server_name: str) -> None:
    size = len(_TOKEN.sub("x" * TOKEN_ALLOWANCE, text).encode())
    if size > USER_DATA_LIMIT:
        raise UserDataError(
            f"user data of {server_name} may take {size} bytes, {TOKEN_ALLOWANCE} for each value known after apply; "
            f"EC2 allows {USER_DATA_LIMIT}. Move what is large into the application's artifact."
        )
