"""CKV2_MEALS_239: managed services work inside the VPC, not on a network of AWS's that leads to the internet.

Notebooks, models and domains of SageMaker, Redshift's traffic to S3, Transfer servers, desktops, environments of
Airflow and services of App Runner. AWS's default is the internet for most. Sources: Security Hub, the controls below;
SageMaker developer guide, "Connect SageMaker Studio to resources in a VPC"; AppStream 2.0 administration guide,
"Internet access"; Amazon MWAA user guide, "Apache Airflow access modes"; App Runner developer guide, "Enabling private
endpoints for incoming traffic".
"""

from collections.abc import Callable, Mapping

from policies.checkov.adapter import CheckovRule
from policies.library.model import Resource
from policies.library.rule import Finding, Findings, nist, security_hub

INGRESS = "ingress_configuration"
PUBLIC = "is_publicly_accessible"


def notebook(subject: Resource) -> Findings:
    """A finding for a notebook outside of any VPC, or with AWS's way to the internet beside it.

    One that asks for that way is judged by CKV2_MEALS_218.
    """
    if not subject.has("subnet_id"):
        yield Finding(found="no subnet_id: a notebook on AWS's network", allowed="subnet_id")
    elif not subject.has("direct_internet_access"):
        yield Finding(found="direct_internet_access is left out: Enabled", allowed="Disabled")


def model(subject: Resource) -> Findings:
    """A finding for a model that may call the internet."""
    if not subject.has("vpc_config") and not subject.flag("enable_network_isolation"):
        yield Finding(found="neither vpc_config nor network isolation", allowed="one of them")


def domain(subject: Resource) -> Findings:
    """A finding for a domain whose applications use AWS's network."""
    access = subject.text("app_network_access_type", default="PublicInternetOnly")
    if access != "VpcOnly":
        yield Finding(found=f"app_network_access_type = {access}", allowed="VpcOnly")


def warehouse(subject: Resource) -> Findings:
    """A finding for a warehouse whose traffic to S3 leaves the VPC."""
    if not subject.flag("enhanced_vpc_routing"):
        yield Finding(found="enhanced_vpc_routing is not true", allowed="enhanced_vpc_routing = true")


def transfer(subject: Resource) -> Findings:
    """A finding for a server with a public endpoint."""
    kind = subject.text("endpoint_type", default="PUBLIC")
    if kind == "PUBLIC":
        yield Finding(found="endpoint_type = PUBLIC", allowed='endpoint_type = "VPC"')


def desktop(subject: Resource) -> Findings:
    """A finding for desktops with public addresses."""
    if subject.flag("enable_default_internet_access"):
        yield Finding(found="enable_default_internet_access = true", allowed="false")


def directory(subject: Resource) -> Findings:
    """A finding for desktops with public addresses."""
    for properties in subject.blocks("workspace_creation_properties"):
        if properties.flag("enable_internet_access"):
            yield Finding(found="enable_internet_access = true", allowed="false")


def airflow(subject: Resource) -> Findings:
    """A finding for an environment whose web server is on the internet."""
    if subject.text("webserver_access_mode", default="PRIVATE_ONLY") == "PUBLIC_ONLY":
        yield Finding(found="webserver_access_mode = PUBLIC_ONLY", allowed="PRIVATE_ONLY")


def web_service(subject: Resource) -> Findings:
    """A finding for a service with an endpoint on the internet."""
    settings = [each for network in subject.blocks("network_configuration") for each in network.blocks(INGRESS)]
    if all(each.flag(PUBLIC, default=True) for each in settings):
        is_set = any(each.has(PUBLIC) for each in settings)
        yield Finding(found=f"{PUBLIC} = true" if is_set else f"{PUBLIC} is left out: true", allowed="false")


JUDGES: Mapping[str, Callable[[Resource], Findings]] = {
    "aws_apprunner_service": web_service,
    "aws_appstream_fleet": desktop,
    "aws_appstream_image_builder": desktop,
    "aws_mwaa_environment": airflow,
    "aws_redshift_cluster": warehouse,
    "aws_redshiftserverless_workgroup": warehouse,
    "aws_sagemaker_domain": domain,
    "aws_sagemaker_model": model,
    "aws_sagemaker_notebook_instance": notebook,
    "aws_transfer_server": transfer,
    "aws_workspaces_directory": directory,
}

RULE = CheckovRule(
    id="CKV2_MEALS_239",
    name="Managed services work inside the VPC",
    severity="medium",
    claim="C1",
    controls=(
        security_hub("Redshift.7", "RedshiftServerless.1", "SageMaker.1", "SageMaker.2", "SageMaker.5")
        + nist("SC-7", "AC-4")
    ),
    fix="Name subnets of the VPC, and switch the service's own way to the internet off.",
    good="""\
resource "aws_redshift_cluster" "reporting" {
  cluster_identifier   = "reporting"
  enhanced_vpc_routing = true
}
""",
    bad="""\
resource "aws_redshift_cluster" "reporting" {
  cluster_identifier = "reporting"
}
""",
    applies_to=tuple(JUDGES),
    evaluate=lambda subject, _: JUDGES[subject.type](subject),
)
