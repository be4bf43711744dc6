"""Functions that providers define: those of the AWS provider, and of the one that Terraform has built in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from policies.library.terraform.conversions import Fault, join_text, split_text, text
from policies.library.terraform.parse import parse_body
from policies.library.terraform.syntax import Literal, Node, Object, Source, SyntaxFault, Tuple
from policies.library.values import Partial, Unknown, Value, unknown_from

_ARN = ("partition", "service", "region", "account_id", "resource")


def _arn_build(*parts: Value) -> Value:
    return join_text([piece for part in ("arn", *parts) for piece in (":", part)][1:], "arn_build(...)")


def _decode_tfvars(content: Value) -> Value:
    try:
        attributes = parse_body(text(content)).attributes
    except SyntaxFault as fault:
        raise Fault(f"not tfvars: {fault}") from None
    return {name: _constant(node) for name, node in attributes.items()}


def _constant(node: Node) -> Value:
    match node:
        case Literal(value):
            return value
        case Source(inner, _):
            return _constant(inner)
        case Tuple(nodes):
            return tuple(map(_constant, nodes))
        case Object(nodes):
            return {text(_constant(key)): _constant(value) for key, value in nodes}
    raise Fault("tfvars with an expression in them")


def _arn_parse(arn: Value) -> Value:
    """The parts of an ARN; one that is unknown is taken for no more than one of them, or the end of the resource."""
    parts = split_text(arn, ":", 5) if isinstance(arn, Partial) else tuple(text(arn).split(":", 5))
    if len(parts) != len(_ARN) + 1 or parts[0] != "arn":
        raise Fault("no ARN")
    return dict(zip(_ARN, parts[1:], strict=True))


def _trim_iam_role_path(arn: Value) -> Value:
    """The ARN of a role without its path: `role/a/b/name` as `role/name`."""
    parts = _arn_parse(arn)
    if not isinstance(parts, Mapping) or isinstance(parts["resource"], Unknown):
        return unknown_from(arn)
    resource = text(parts["resource"])
    if parts["service"] != "iam" or not resource.startswith("role/"):
        raise Fault("no ARN of an IAM role")
    return _arn_build(*(parts[name] for name in _ARN[:-1]), f"role/{resource.rpartition('/')[2]}")


PURE: Mapping[str, Callable[..., Value]] = {
    "provider::arn_build": _arn_build,
    "provider::arn_parse": _arn_parse,
    "provider::decode_tfvars": _decode_tfvars,
    "provider::trim_iam_role_path": _trim_iam_role_path,
}
