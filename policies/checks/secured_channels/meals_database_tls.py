"""CKV2_MEALS_129: databases insist on TLS.

What says so differs: an argument of RDS proxies and DMS endpoints, a parameter of the parameter group of all others. It
is off by default in the family redshift-1.0 and in the RDS families named below; in the rest, redshift-2.0 and Redshift
Serverless among them, only switching it off is wrong. A database without a parameter group of its own has the default
one of its engine (`policies.library.databases`). Sources: Security Hub, the controls below; Redshift management guide,
"Behavior changes" (January 2025).
"""

from policies.checkov.adapter import CheckovRule
from policies.library.databases import DATABASES, required_in_family, required_of
from policies.library.model import Configuration, Resource
from policies.library.rule import Finding, Findings, nist, security_hub

OFF = {
    "tls": ("disabled",),
    "rds.force_ssl": ("0", "off", "false"),
    "require_secure_transport": ("0", "off", "false"),
    "neptune_enforce_ssl": ("0", "off", "false"),
    "require_ssl": ("0", "off", "false"),
}
"""Parameters that ask for TLS, with the values that do not."""
WITHOUT_SSL_MODE = ("azuredb", "dynamodb", "elasticsearch", "kafka", "kinesis", "neptune", "opensearch", "redis", "s3")
"""DMS engines whose endpoints have no ssl_mode: they speak HTTPS, or have settings of their own."""


def evaluate(subject: Resource, configuration: Configuration) -> Findings:
    """A finding for each setting that lets clients do without TLS."""
    if subject.type == "aws_db_proxy":
        if not subject.flag("require_tls"):
            yield Finding(found="a proxy that accepts plaintext", allowed="require_tls = true")
    elif subject.type == "aws_dms_endpoint":
        yield from of_endpoint(subject)
    elif subject.type in DATABASES:
        required = required_of(subject, configuration)
        if required:
            yield Finding(
                found="the default parameter group, which accepts plaintext",
                allowed=f"a parameter group with {required} switched on",
            )
    else:
        yield from of_parameters(subject)


def of_endpoint(endpoint: Resource) -> Findings:
    """A finding for an endpoint of DMS that speaks plaintext."""
    engine = endpoint.text("engine_name").lower()
    if engine not in WITHOUT_SSL_MODE and endpoint.text("ssl_mode", default="none") == "none":
        yield Finding(found="ssl_mode = none", allowed="require, verify-ca or verify-full in ssl_mode")
    for redis in endpoint.blocks("redis_settings"):
        if redis.text("ssl_security_protocol", default="ssl-encryption") == "plaintext":
            yield Finding(found="ssl_security_protocol = plaintext", allowed="ssl-encryption")


def of_parameters(subject: Resource) -> Findings:
    """A finding for each parameter that lets clients do without TLS, or that is left out where it must be set."""
    serverless = subject.type == "aws_redshiftserverless_workgroup"
    blocks = subject.blocks("config_parameter" if serverless else "parameter")
    key, value = ("parameter_key", "parameter_value") if serverless else ("name", "value")
    names = {block.text(key).lower(): block for block in blocks}
    for name, off in OFF.items():
        if name in names and names[name].text(value).lower() in off:
            yield Finding(found=f"{name} = {names[name].text(value)}", allowed=f"{name} switched on")
    required = required_parameter(subject)
    if required and required not in names:
        yield Finding(found="AWS's default, which accepts plaintext", allowed=f"{required} switched on")


def required_parameter(group: Resource) -> str:
    """The parameter that a parameter group has to set, empty if none. Raises UnknownValue."""
    if group.type == "aws_redshift_parameter_group":
        return "" if group.text("family") == "redshift-2.0" else "require_ssl"
    return required_in_family(group.text("family").lower()) if group.type == "aws_db_parameter_group" else ""


RULE = CheckovRule(
    id="CKV2_MEALS_129",
    name="Databases require TLS",
    severity="high",
    claim="C7",
    controls=(
        security_hub(
            "Redshift.2",
            "RedshiftServerless.2",
            "DocumentDB.6",
            "RDS.38",
            "RDS.41",
            "RDS.43",
            "RDS.44",
            "DMS.9",
            "DMS.12",
        )
        + nist("SC-8")
    ),
    fix="Switch on the parameter or argument that makes the database refuse plaintext.",
    good="""\
resource "aws_redshift_parameter_group" "reporting" {
  parameter {
    name  = "require_ssl"
    value = "true"
  }
}
""",
    bad="""\
resource "aws_docdb_cluster_parameter_group" "menu" {
  parameter {
    name  = "tls"
    value = "disabled"
  }
}
""",
    applies_to=(
        "aws_redshift_parameter_group",
        "aws_redshiftserverless_workgroup",
        "aws_docdb_cluster_parameter_group",
        "aws_neptune_cluster_parameter_group",
        "aws_db_parameter_group",
        "aws_rds_cluster_parameter_group",
        "aws_db_proxy",
        "aws_dms_endpoint",
        *DATABASES,
    ),
    evaluate=evaluate,
)
