"""A question about access as a formula for z3: whether there is any request that all policies let through.

What has no variables (names of principals, actions, ARNs of principals) is decided as the evaluator of single requests
decides it, the rest by the solver. Keys with several values are not encoded.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import z3

from tests.support.request_evaluator import Document, InForce, Who, matches_arn, matches_glob, moment, names

_ANY = z3.AllChar(z3.ReSort(z3.StringSort()))


class Formula:
    """The request's resource and keys as variables."""

    def __init__(self, who: Who, action: str, known: Mapping[str, Sequence[str]]) -> None:
        self._who, self._action, self._known = who, action, known
        self.resource = z3.String("resource")
        self._values: dict[str, Any] = {}
        self._present: dict[str, Any] = {}
        self.facts: list[Any] = []

    def is_allowed(self, policies: InForce) -> Any:
        """AWS's decision as a formula."""
        who = self._who
        if who.kind == "anonymous" and policies.needs_resource:
            return z3.BoolVal(False)  # KMS takes no request without credentials
        has_account = who.kind in ("role", "user")
        limits = [*policies.sessions, *([policies.boundary] if policies.boundary is not None else [])]
        own = [policies.identity, *limits] if has_account else []
        denied = [self._of(document, "Deny") for document in own]
        denied += [self._of(policies.resource, "Deny", who)]
        around: list[Any] = []
        if policies.endpoint is not None:
            denied.append(self._of(policies.endpoint, "Deny", who))
            around.append(self._of(policies.endpoint, "Allow", who))
        direct = self._of(policies.resource, "Allow", who, ("directly",))
        if has_account:
            by_role = self._of(policies.resource, "Allow", who, ("as role",))
            by_account = self._of(policies.resource, "Allow", who, ("as account",))
            identity = self._of(policies.identity, "Allow")
            within = z3.And([self._of(document, "Allow") for document in limits])
            if who.account != policies.owner:
                granted = z3.And(z3.Or(direct, by_role, by_account), identity, within)
            else:
                alone = z3.And(by_account, identity) if policies.needs_resource else identity
                granted = z3.Or(direct, z3.And(z3.Or(by_role, alone), within))
        else:
            granted = direct
        return z3.And(z3.Not(z3.Or(denied)), *around, granted)

    def _of(self, document: Document, effect: str, who: Who | None = None, grades: Sequence[str] = ()) -> Any:
        """Whether some statement of an effect applies, of those that name somebody."""
        found = [
            self._applies(each)
            for each in document
            if each["Effect"] == effect
            if who is None or names(each, who) in (grades or _NAMED)
        ]
        return z3.Or(found) if found else z3.BoolVal(False)

    def _applies(self, statement: Mapping[str, Any]) -> Any:
        is_not_action = "NotAction" in statement
        patterns = statement["NotAction" if is_not_action else "Action"]
        if any(matches_glob(each.lower(), self._action.lower()) for each in patterns) is is_not_action:
            return z3.BoolVal(False)
        is_not_resource = "NotResource" in statement
        resources = [
            z3.InRe(self.resource, _expression(self._filled(each)))
            for each in statement["NotResource" if is_not_resource else "Resource"]
        ]
        about = z3.Not(z3.Or(resources)) if is_not_resource else z3.Or(resources)
        conditions = [
            self._holds(operator, key.lower(), values)
            for operator, keys in statement["Condition"].items()
            for key, values in keys.items()
        ]
        return z3.And(about, *conditions)

    def _holds(self, operator: str, key: str, values: Sequence[str]) -> Any:
        if key == "aws:principalarn":
            present: Any = z3.BoolVal("aws:principalarn" in self._known)
            value: Any = z3.StringVal("".join(self._known.get(key, ())))
        else:
            present, value = self._variable(operator, key)
        if operator == "Null":
            return z3.Or([z3.Not(present) if each == "true" else present for each in values])
        base = operator.removesuffix("IfExists")
        is_negated = "Not" in base
        matched = z3.Or([self._compared(base.replace("Not", "", 1), each, value) for each in values])
        held = z3.Not(matched) if is_negated else matched
        if operator.endswith("IfExists") or is_negated:
            return z3.Or(z3.Not(present), held)
        return z3.And(present, held)

    def _variable(self, operator: str, key: str) -> tuple[Any, Any]:
        if key not in self._present:
            self._present[key] = z3.Bool(f"has {key}")
            sort = z3.Real if key in ("s3:number", "s3:date") else z3.Int if key == "aws:sourceip" else z3.String
            self._values[key] = sort(key)
            if key == "aws:securetransport":
                either = [self._values[key] == z3.StringVal(each) for each in ("true", "false")]
                self.facts += [self._present[key], z3.Or(either)]
            if key == "aws:sourceip":
                self.facts += [self._values[key] >= 0, self._values[key] < _V6 + 2**128]
        return self._present[key], self._values[key]

    def _compared(self, operator: str, text: str, value: Any) -> Any:
        if operator.startswith(("Numeric", "Date")):
            limit = moment(text) if operator.startswith("Date") else float(text)
            return _ORDERED[re.sub("Numeric|Date", "", operator)](value, z3.RealVal(limit))
        if operator == "IpAddress":
            network = ipaddress.ip_network(text)
            start = _V6 if network.version == 6 else 0
            first, last = int(network.network_address), int(network.broadcast_address)
            return z3.And(value >= start + first, value <= start + last)
        if operator == "Bool":
            return value == z3.StringVal(text.lower())
        if operator.startswith("Arn"):
            return z3.BoolVal(matches_arn(text, value.as_string()))
        wild = operator == "StringLike"
        return z3.InRe(value, _expression(self._filled(text, wild=wild), folds="IgnoreCase" in operator))

    def _filled(self, text: str, wild: bool = True) -> str:
        if not wild:
            text = re.sub(r"(?<!\{)([*?])", r"${\1}", text)

        def filled(match: re.Match[str]) -> str:
            held = self._known.get(match[1].lower(), ())
            return held[0] if held else match[2]

        return re.sub(r"\$\{([a-zA-Z][^},]*)(?:, '([^']*)')?\}", filled, text)


_V6 = 2**32
_NAMED = ("directly", "as role", "as account")
_ORDERED: Mapping[str, Callable[[Any, Any], Any]] = {
    "Equals": lambda value, limit: value == limit,
    "LessThan": lambda value, limit: value < limit,
    "LessThanEquals": lambda value, limit: value <= limit,
    "GreaterThan": lambda value, limit: value > limit,
    "GreaterThanEquals": lambda value, limit: value >= limit,
}


def _expression(pattern: str, folds: bool = False) -> Any:
    parts: list[Any] = [z3.Re("")]
    for each in re.findall(r"\$\{[*?$]\}|.", pattern, re.DOTALL):
        if each == "*":
            parts.append(z3.Star(_ANY))
        elif each == "?":
            parts.append(_ANY)
        else:
            text = each[2] if len(each) > 1 else each
            cases = {text, text.lower(), text.upper()} if folds else {text}
            parts.append(z3.Union([z3.Re(one) for one in sorted(cases)]) if len(cases) > 1 else z3.Re(text))
    return z3.Concat(parts) if len(parts) > 1 else parts[0]


def is_possible(who: Who, action: str, policies: InForce, arns: Sequence[str], known: Mapping[str, Any]) -> bool | None:
    """Whether any request about some ARNs is allowed; None if the solver does not say in two seconds."""
    formula = Formula(who, action, known)
    solver = z3.Solver()
    solver.set("timeout", 2000)
    solver.add(formula.is_allowed(policies))
    solver.add(z3.Or([z3.InRe(formula.resource, _expression(each)) for each in arns]), *formula.facts)
    found = solver.check()
    return None if found == z3.unknown else bool(found == z3.sat)
