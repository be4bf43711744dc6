"""The statement that keeps calls from outside the VPC away from the event store's data (claim C2).

DynamoDB and S3 are public regional APIs: a security group cannot hide them, only a resource policy can. What AWS sends
with a request decides (IAM user guide, "AWS global condition context keys"):

- `aws:SourceVpce` is the id of the VPC endpoint that a request came through, gateway endpoints included. A request that
  came any other way lacks it, and `StringNotEquals` holds for a missing key: it is denied.
- `aws:PrincipalArn` is the role's ARN for everything done in a session of that role. The roles that AWS Backup and the
  scheduled export use call from AWS's own network, so they are named one by one. Anonymous calls lack the key and
  stay denied, for `ArnNotEquals` holds too.
- `aws:PrincipalIsAWSService` is true for calls of a service principal. Excepting them opens nothing: they also need an
  Allow in the resource policy. `IfExists`, because anonymous calls lack it.
- `aws:ViaAWSService` is true when a service passes on the caller's own permissions. It is not excepted: whoever may
  read the data could then do so from anywhere, through a service that reads for him. Where one service is needed, it is
  named with `aws:CalledVia`.
"""

from collections.abc import Mapping, Sequence

from modules.common.policy import Statement


def deny_outside_endpoint(
    *,
    actions: Sequence[str],
    resources: Sequence[str],
    endpoint_id: str,
    except_role_arns: Sequence[str] = (),
    except_called_via: Sequence[str] = (),
) -> Statement:
    """Return the Deny of `actions` on `resources` for every call that did not come through the VPC endpoint.

    Only data-plane actions belong in `actions`: Terraform and operators call from outside and manage what they cannot
    read. `except_role_arns` are roles that AWS services assume; `except_called_via` are service principals, such as
    `dynamodb.amazonaws.com`, that act with the permissions of their caller.
    """
    conditions: dict[str, Mapping[str, str | Sequence[str]]] = {
        "StringNotEquals": {"aws:SourceVpce": endpoint_id},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    if except_role_arns:
        conditions["ArnNotEquals"] = {"aws:PrincipalArn": except_role_arns}
    if except_called_via:  # holds when the key is missing
        conditions["ForAllValues:StringNotEquals"] = {"aws:CalledVia": except_called_via}
    return Statement(
        sid="DenyOutsideVpcEndpoint",
        effect="Deny",
        principals="*",
        actions=actions,
        resources=resources,
        conditions=conditions,
    )
