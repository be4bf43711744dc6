"""Who may sign in: the Cognito user pool of the customers, and the load balancer as its client."""

from cdktf import TerraformOutput, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cognito_risk_configuration import (
    CognitoRiskConfiguration,
    CognitoRiskConfigurationCompromisedCredentialsRiskConfiguration,
    CognitoRiskConfigurationCompromisedCredentialsRiskConfigurationActions,
)
from cdktf_cdktf_provider_aws.cognito_user_pool import (
    CognitoUserPool,
    CognitoUserPoolAccountRecoverySetting,
    CognitoUserPoolAccountRecoverySettingRecoveryMechanism,
    CognitoUserPoolPasswordPolicy,
    CognitoUserPoolSoftwareTokenMfaConfiguration,
    CognitoUserPoolUserAttributeUpdateSettings,
    CognitoUserPoolUsernameConfiguration,
    CognitoUserPoolUserPoolAddOns,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_client import (
    CognitoUserPoolClient,
    CognitoUserPoolClientTokenValidityUnits,
)
from cdktf_cdktf_provider_aws.cognito_user_pool_domain import CognitoUserPoolDomain
from constructs import Construct

from modules.common.names import Names

OPENID_SCOPE = "openid"  # identifies the user; that their e-mail address is verified is the pool's condition to sign in

# A working day: the load balancer asks again after it, and the refresh token it renews its claims with lasts as long.
SESSION_HOURS = 12
TOKEN_MINUTES = 60

PASSWORD_LENGTH = 12
TEMPORARY_PASSWORD_DAYS = 7  # the most that Security Hub Cognito.3 allows


class UserPool(Construct):
    """The user pool, its sign-in pages, and the load balancer at `domain_name` as its only client.

    Users sign in with their e-mail address, which they verify first, and recover their account by it. A second factor
    (one-time codes of an app, no SMS) is each customer's choice. Threat protection is enforced (Security Hub
    Cognito.1): passwords known to be stolen are refused, and sign-ins that look odd get AWS's default response, because
    provider 5.x takes one of our own only with an e-mail identity of Amazon SES to tell the customer from.

    Attributes: `arn`, `client_id`, `domain` (the prefix of the sign-in pages' name).
    """

    def __init__(self, scope: Construct, id: str, *, names: Names, domain_name: str, protected: bool) -> None:
        super().__init__(scope, id)
        pool = CognitoUserPool(
            self,
            "user-pool",
            name=names.name("customers"),
            user_pool_tier="PLUS",  # threat protection is part of this tier only
            user_pool_add_ons=CognitoUserPoolUserPoolAddOns(advanced_security_mode="ENFORCED"),
            username_attributes=["email"],
            username_configuration=CognitoUserPoolUsernameConfiguration(case_sensitive=False),
            auto_verified_attributes=["email"],
            user_attribute_update_settings=CognitoUserPoolUserAttributeUpdateSettings(
                attributes_require_verification_before_update=["email"]
            ),
            account_recovery_setting=CognitoUserPoolAccountRecoverySetting(
                recovery_mechanism=[
                    CognitoUserPoolAccountRecoverySettingRecoveryMechanism(name="verified_email", priority=1)
                ]
            ),
            mfa_configuration="OPTIONAL",
            software_token_mfa_configuration=CognitoUserPoolSoftwareTokenMfaConfiguration(enabled=True),
            password_policy=CognitoUserPoolPasswordPolicy(
                minimum_length=PASSWORD_LENGTH,
                require_lowercase=True,
                require_uppercase=True,
                require_numbers=True,
                require_symbols=True,
                temporary_password_validity_days=TEMPORARY_PASSWORD_DAYS,
            ),
            deletion_protection="ACTIVE" if protected else "INACTIVE",
            tags=names.tags("customers"),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if protected else None,
        )
        pool_id = pool.id
        CognitoRiskConfiguration(
            self,
            "risk-configuration",
            user_pool_id=pool_id,
            compromised_credentials_risk_configuration=CognitoRiskConfigurationCompromisedCredentialsRiskConfiguration(
                actions=CognitoRiskConfigurationCompromisedCredentialsRiskConfigurationActions(event_action="BLOCK")
            ),
        )
        client = CognitoUserPoolClient(
            self,
            "client",
            name=names.name("load-balancer"),
            user_pool_id=pool_id,
            # Application Load Balancer user guide, "Prepare to use Amazon Cognito": a client secret, the code grant,
            # and this callback in lower case.
            generate_secret=True,
            allowed_oauth_flows_user_pool_client=True,
            allowed_oauth_flows=["code"],
            allowed_oauth_scopes=[OPENID_SCOPE],
            callback_urls=[f"https://{domain_name}/oauth2/idpresponse"],
            supported_identity_providers=["COGNITO"],
            # The sign-in pages prove the password by SRP; nobody sends it to the API.
            explicit_auth_flows=["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
            prevent_user_existence_errors="ENABLED",
            enable_token_revocation=True,
            access_token_validity=TOKEN_MINUTES,
            id_token_validity=TOKEN_MINUTES,
            refresh_token_validity=SESSION_HOURS,
            token_validity_units=[
                CognitoUserPoolClientTokenValidityUnits(
                    access_token="minutes", id_token="minutes", refresh_token="hours"
                )
            ],
        )
        # Prefixes are shared by all accounts of a region, hence the account id.
        prefix = names.name(names.account_id)
        domain = CognitoUserPoolDomain(self, "domain", domain=prefix, user_pool_id=pool_id)
        self.arn: str = pool.arn
        self.client_id: str = client.id
        self.domain: str = domain.domain
        TerraformOutput(
            self,
            "sign-in-domain",
            value=f"{prefix}.auth.{names.region}.amazoncognito.com",
            description="Name of the user pool's sign-in pages",
        ).override_logical_id("user_pool_domain")
