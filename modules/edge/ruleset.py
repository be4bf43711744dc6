"""The ruleset of the public listener: which server answers a path, and which paths need a signed-in user."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.lb_listener_rule import (
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleActionAuthenticateCognito,
    LbListenerRuleCondition,
    LbListenerRuleConditionPathPattern,
)
from constructs import Construct

from modules.edge.path_patterns import MAX_PATTERNS, not_within, within
from modules.edge.user_pool import OPENID_SCOPE, SESSION_HOURS, UserPool

SECONDS_PER_HOUR = 3600

# Lower is evaluated first. Fixed numbers: two rules that swap theirs would collide while Terraform applies them.
PROTECTED_PRIORITY = 100
PRIORITY = 200
PROTECTED_CORE_PRIORITY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The servers of `target_group_arn` answer the paths that begin with `prefix`; `name` is that of their rules.

    `number` is 0 for the ordering servers, and from 1 to 99 for others: what their rules' priorities add.
    """

    name: str
    prefix: str
    number: int
    target_group_arn: str


class Ruleset(Construct):
    """The rules of the listener `listener_arn`, whose default action forwards to the core servers.

    1. protected paths that begin with the prefix of a route (`/ordering`): sign in, then its servers;
    2. the other paths that begin with it: its servers;
    3. the other protected paths: sign in, then the core servers.

    No prefix begins with another one (`envs.settings.servers`), so the order of the routes decides nothing.

    All patterns of one kind are in one rule, because a change of one rule is atomic: no path is without protection
    while others change. A protected path which only overlaps with `/ordering*`, such as `/*/admin`, is in both kinds.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        listener_arn: str,
        core_target_group_arn: str,
        routes: Sequence[Route],
        protected_paths: tuple[str, ...],
        user_pool: UserPool,
    ) -> None:
        super().__init__(scope, id)
        self._listener_arn = listener_arn
        sign_in = LbListenerRuleAction(
            type="authenticate-cognito",
            authenticate_cognito=LbListenerRuleActionAuthenticateCognito(
                user_pool_arn=user_pool.arn,
                user_pool_client_id=user_pool.client_id,
                user_pool_domain=user_pool.domain,
                scope=OPENID_SCOPE,
                session_timeout=SESSION_HOURS * SECONDS_PER_HOUR,
                on_unauthenticated_request="authenticate",
            ),
        )
        to_core = LbListenerRuleAction(type="forward", target_group_arn=core_target_group_arn)
        for route in routes:
            forward = LbListenerRuleAction(type="forward", target_group_arn=route.target_group_arn)
            if patterns := within(route.prefix, protected_paths):
                self._rule(f"protected-{route.name}", PROTECTED_PRIORITY + route.number, patterns, sign_in, forward)
            self._rule(route.name, PRIORITY + route.number, [f"{route.prefix}*"], forward)
        left = set(protected_paths)
        for route in routes:
            left &= set(not_within(route.prefix, left))
        if left:
            self._rule("protected-core", PROTECTED_CORE_PRIORITY, sorted(left), sign_in, to_core)

    def _rule(self, id: str, priority: int, patterns: list[str], *actions: LbListenerRuleAction) -> None:
        if len(patterns) > MAX_PATTERNS:
            raise ValueError(f"a listener rule takes {MAX_PATTERNS} path patterns, got {patterns}")
        LbListenerRule(
            self,
            id,
            listener_arn=self._listener_arn,
            priority=priority,
            condition=[LbListenerRuleCondition(path_pattern=LbListenerRuleConditionPathPattern(values=patterns))],
            action=list(actions),
        )
