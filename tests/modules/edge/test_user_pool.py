"""The Cognito user pool and its only client, the load balancer."""

import pytest


@pytest.fixture
def pool(environment):
    return environment.at("aws_cognito_user_pool", "edge/public/user-pool/user-pool")


@pytest.fixture
def client(environment):
    return environment.at("aws_cognito_user_pool_client", "edge/public/user-pool/client")


def test_users_sign_in_with_their_email_address(pool):
    assert pool["username_attributes"] == ["email"]


def test_email_address_is_verified(pool):
    assert pool["auto_verified_attributes"] == ["email"]


def test_changed_email_address_is_verified_before_it_counts(pool):
    assert pool["user_attribute_update_settings"] == {"attributes_require_verification_before_update": ["email"]}


def test_account_is_recovered_by_the_verified_email_address_only(pool):
    assert pool["account_recovery_setting"]["recovery_mechanism"] == [{"name": "verified_email", "priority": 1}]


def test_case_of_the_email_address_does_not_count(pool):
    assert pool["username_configuration"] == {"case_sensitive": False}


def test_password_policy_is_strong(pool):
    assert pool["password_policy"] == {
        "minimum_length": 12,
        "require_lowercase": True,
        "require_numbers": True,
        "require_symbols": True,
        "require_uppercase": True,
        "temporary_password_validity_days": 7,
    }


def test_second_factor_is_an_app_and_the_users_choice(pool):
    assert pool["mfa_configuration"] == "OPTIONAL"
    assert pool["software_token_mfa_configuration"] == {"enabled": True}


def test_threat_protection_is_enforced(pool):
    assert pool["user_pool_tier"] == "PLUS"
    assert pool["user_pool_add_ons"] == {"advanced_security_mode": "ENFORCED"}


def test_stolen_passwords_are_refused(environment):
    risks = environment.at("aws_cognito_risk_configuration", "edge/public/user-pool/risk-configuration")
    assert risks["compromised_credentials_risk_configuration"]["actions"] == {"event_action": "BLOCK"}
    assert environment.target(risks["user_pool_id"]) == "edge/public/user-pool/user-pool"


def test_pool_is_protected_from_deletion_where_asked(environment, pool):
    protected = environment.settings.stateful_protection
    assert pool["deletion_protection"] == ("ACTIVE" if protected else "INACTIVE")
    assert pool.get("lifecycle", {}).get("prevent_destroy", False) is protected


def test_load_balancer_is_the_only_client(environment):
    assert len(environment.all("aws_cognito_user_pool_client", under="")) == 1


def test_client_uses_the_code_grant_only(client):
    assert client["allowed_oauth_flows_user_pool_client"] is True
    assert client["allowed_oauth_flows"] == ["code"]


def test_client_has_a_secret(client):
    assert client["generate_secret"] is True


def test_client_gets_openid_only(client):
    assert client["allowed_oauth_scopes"] == ["openid"]


def test_users_come_back_over_https_to_the_load_balancer_only(environment, client):
    assert client["callback_urls"] == [f"https://{environment.settings.domain_name}/oauth2/idpresponse"]


def test_client_does_not_tell_who_has_an_account(client):
    assert client["prevent_user_existence_errors"] == "ENABLED"


def test_tokens_can_be_revoked(client):
    assert client["enable_token_revocation"] is True


def test_no_password_is_sent_to_the_api(client):
    assert client["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]


def test_tokens_last_an_hour_and_sessions_a_working_day(client):
    assert (client["access_token_validity"], client["id_token_validity"], client["refresh_token_validity"]) == (
        60,
        60,
        12,
    )
    assert client["token_validity_units"] == [
        {"access_token": "minutes", "id_token": "minutes", "refresh_token": "hours"}
    ]


def test_domain_prefix_is_of_this_account(environment):
    settings = environment.settings
    domain = environment.at("aws_cognito_user_pool_domain", "edge/public/user-pool/domain")
    assert domain["domain"] == f"{settings.project}-{settings.environment}-{settings.account_id}"


def test_operator_learns_where_users_sign_in(environment):
    domain = environment.at("aws_cognito_user_pool_domain", "edge/public/user-pool/domain")["domain"]
    output = environment.document["output"]["user_pool_domain"]["value"]
    assert output == f"{domain}.auth.{environment.settings.region}.amazoncognito.com"
