"""Waiting between two steps of an apply or a destroy, where AWS needs a while and its API does not say when it is done.

`terraform_data` is part of Terraform and OpenTofu themselves, so a pause needs no other provider. Its provisioner runs
`sleep` on the machine that applies; `INFRA_PAUSE_SECONDS` replaces the length of every pause, as the sandbox does.
"""

from collections.abc import Sequence

from cdktf import ITerraformDependable, LocalExecProvisioner, TerraformResource
from constructs import Construct

VARIABLE = "INFRA_PAUSE_SECONDS"


class Pause(Construct):
    """Makes what depends on `resource` begin `create_seconds` after `depends_on` exist, and `depends_on` go
    `destroy_seconds` after it has gone. 0 seconds: no wait in that direction.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        depends_on: Sequence[ITerraformDependable],
        create_seconds: int = 0,
        destroy_seconds: int = 0,
    ) -> None:
        super().__init__(scope, id)
        self.resource = TerraformResource(
            self,
            "pause",
            terraform_resource_type="terraform_data",
            depends_on=list(depends_on),
            provisioners=[
                LocalExecProvisioner(type="local-exec", command=_sleep(seconds), when=when)
                for seconds, when in ((create_seconds, "create"), (destroy_seconds, "destroy"))
                if seconds
            ],
        )


def _sleep(seconds: int) -> str:
    """Return the command; `$${` is how Terraform writes the `${` that the shell replaces."""
    return f'sleep "$${{{VARIABLE}:-{seconds}}}"'
