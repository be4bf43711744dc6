"""The ruleset of the public listener."""

import pytest

from modules.common.names import Names
from modules.edge.ruleset import Route, Ruleset
from modules.edge.user_pool import UserPool
from tests.support.helpers import resources

LISTENER = "edge/public/load-balancer/https-listener"
CORE = "edge/public/load-balancer/core-server"
ORDERING = "edge/public/load-balancer/ordering-server"

NAMES = Names(project="meals", environment="dev", account_id="111111111111", region="us-east-1")


def patterns(rule):
    [condition] = rule["condition"]
    return condition["path_pattern"]["values"]


def test_ordering_paths_go_to_the_ordering_servers(environment):
    rule = environment.at("aws_lb_listener_rule", "edge/public/ruleset/ordering")
    [action] = rule["action"]
    assert patterns(rule) == ["/ordering*"]
    assert action["type"] == "forward"
    assert environment.target(action["target_group_arn"]) == ORDERING


def test_protected_paths_need_a_signed_in_user_before_the_core_servers(environment):
    rule = environment.at("aws_lb_listener_rule", "edge/public/ruleset/protected-core")
    assert patterns(rule) == sorted(environment.settings.edge.protected_paths)
    assert [action["type"] for action in rule["action"]] == ["authenticate-cognito", "forward"]
    assert environment.target(rule["action"][1]["target_group_arn"]) == CORE


def test_sign_in_is_with_the_user_pool(environment):
    sign_in = environment.at("aws_lb_listener_rule", "edge/public/ruleset/protected-core")["action"][0]
    cognito = sign_in["authenticate_cognito"]
    assert environment.target(cognito["user_pool_arn"]) == "edge/public/user-pool/user-pool"
    assert environment.target(cognito["user_pool_client_id"]) == "edge/public/user-pool/client"
    assert environment.target(cognito["user_pool_domain"]) == "edge/public/user-pool/domain"


def test_sign_in_asks_for_openid_only(environment):
    sign_in = environment.at("aws_lb_listener_rule", "edge/public/ruleset/protected-core")["action"][0]
    assert sign_in["authenticate_cognito"]["scope"] == "openid"


def test_nobody_gets_through_without_signing_in(environment):
    sign_in = environment.at("aws_lb_listener_rule", "edge/public/ruleset/protected-core")["action"][0]
    assert sign_in["authenticate_cognito"]["on_unauthenticated_request"] == "authenticate"


def test_session_is_a_working_day(environment):
    sign_in = environment.at("aws_lb_listener_rule", "edge/public/ruleset/protected-core")["action"][0]
    assert sign_in["authenticate_cognito"]["session_timeout"] == 12 * 3600


def test_all_rules_are_of_the_https_listener(environment):
    rules = environment.all("aws_lb_listener_rule", under="")
    assert {environment.target(rule.body["listener_arn"]) for rule in rules} == {LISTENER}


@pytest.fixture
def rules_for(stack, synthesize):
    """A function: the rules, by their ids, for other protected paths."""

    def rules(*protected_paths, routes=()):
        Ruleset(
            stack,
            "ruleset",
            listener_arn="listener",
            core_target_group_arn="core",
            routes=[Route(name="ordering", prefix="/ordering", number=0, target_group_arn="ordering"), *routes],
            protected_paths=protected_paths,
            user_pool=UserPool(stack, "pool", names=NAMES, domain_name="meals.example", protected=False),
        )
        found = resources(synthesize(), "aws_lb_listener_rule")
        return {rule.path.removeprefix("ruleset/"): rule.body for rule in found}

    return rules


def test_protected_ordering_path_goes_to_the_ordering_servers(rules_for):
    rules = rules_for("/ordering/invoices*")
    assert set(rules) == {"ordering", "protected-ordering"}
    assert patterns(rules["protected-ordering"]) == ["/ordering/invoices*"]
    assert [action["type"] for action in rules["protected-ordering"]["action"]] == ["authenticate-cognito", "forward"]
    assert rules["protected-ordering"]["action"][1]["target_group_arn"] == "ordering"


def test_protected_path_of_both_is_protected_at_both(rules_for):
    rules = rules_for("/*/admin")
    assert patterns(rules["protected-ordering"]) == ["/ordering*/admin"]
    assert patterns(rules["protected-core"]) == ["/*/admin"]


def test_protection_comes_before_the_plain_rule_and_ordering_before_core(rules_for):
    rules = rules_for("/*/admin")
    order = sorted(rules, key=lambda name: rules[name]["priority"])
    assert order == ["protected-ordering", "ordering", "protected-core"]


def test_more_patterns_than_a_rule_takes_are_refused(rules_for):
    with pytest.raises(ValueError, match="a listener rule takes 5 path patterns"):
        rules_for("/1*", "/2*", "/3*", "/4*", "/5*", "/6*")


def test_a_further_route_has_rules_of_its_own_beside_those_of_ordering(rules_for):
    loyalty = Route(name="loyalty", prefix="/loyalty", number=7, target_group_arn="loyalty")
    rules = rules_for("/*/admin", "/loyalty/points*", routes=[loyalty])
    assert {name: rule["priority"] for name, rule in rules.items()} == {
        "protected-ordering": 100,
        "protected-loyalty": 107,
        "ordering": 200,
        "loyalty": 207,
        "protected-core": 300,
    }
    assert patterns(rules["protected-loyalty"]) == ["/loyalty*/admin", "/loyalty/points*"]
    assert rules["loyalty"]["action"][0]["target_group_arn"] == "loyalty"
    assert patterns(rules["protected-core"]) == ["/*/admin"]
