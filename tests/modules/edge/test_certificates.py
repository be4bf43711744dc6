"""Certificates of the three HTTPS listeners."""

import pytest

from modules.edge.dns import internal_host

PATHS = {
    "edge/public/certificate": None,
    "edge/private-load-balancer/event-store-certificate": "event-store",
    "edge/private-load-balancer/purchase-gateway-certificate": "purchase-gateway",
}


def test_there_is_one_certificate_per_https_listener(environment):
    assert {each.path.removesuffix("/certificate") for each in environment.all("aws_acm_certificate")} == set(PATHS)


@pytest.mark.parametrize(("path", "service"), PATHS.items())
def test_certificate_is_for_the_one_name_of_its_listener(environment, path, service):
    domain_name = environment.settings.domain_name
    certificate = environment.at("aws_acm_certificate", f"{path}/certificate")
    assert certificate["domain_name"] == (internal_host(domain_name, service) if service else domain_name)
    assert "subject_alternative_names" not in certificate


@pytest.mark.parametrize("path", PATHS)
def test_certificate_is_validated_by_dns(environment, path):
    assert environment.at("aws_acm_certificate", f"{path}/certificate")["validation_method"] == "DNS"


@pytest.mark.parametrize("path", PATHS)
def test_certificate_has_an_elliptic_curve_key(environment, path):
    assert environment.at("aws_acm_certificate", f"{path}/certificate")["key_algorithm"] == "EC_prime256v1"


@pytest.mark.parametrize("path", PATHS)
def test_new_certificate_is_there_before_the_old_one_goes(environment, path):
    assert environment.at("aws_acm_certificate", f"{path}/certificate")["lifecycle"]["create_before_destroy"] is True


@pytest.mark.parametrize("path", PATHS)
def test_validation_record_is_in_the_public_zone(environment, path):
    record = environment.at("aws_route53_record", f"{path}/validation-record")
    [name] = environment.document["data"]["aws_route53_zone"]
    assert record["zone_id"] == f"${{data.aws_route53_zone.{name}.zone_id}}"


@pytest.mark.parametrize("path", PATHS)
def test_validation_record_is_the_only_option_of_the_certificate(environment, path):
    [certificate] = environment.all("aws_acm_certificate", under=f"{path}/")
    record = environment.at("aws_route53_record", f"{path}/validation-record")
    option = f"one({certificate.address}.domain_validation_options)"
    assert record["name"] == f"${{{option}.resource_record_name}}"
    assert record["type"] == f"${{{option}.resource_record_type}}"
    assert record["records"] == [f"${{{option}.resource_record_value}}"]


@pytest.mark.parametrize("path", PATHS)
def test_certificate_counts_once_its_record_is_there(environment, path):
    validation = environment.at("aws_acm_certificate_validation", f"{path}/validation")
    assert environment.target(validation["certificate_arn"]) == f"{path}/certificate"
    assert [environment.target(each) for each in validation["validation_record_fqdns"]] == [f"{path}/validation-record"]
