"""`infra approve`: a signature under a release."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.base.target import Target
from cli.core.promotion.approvals import approve
from cli.ui.app import Application, pass_application
from cli.ui.options import environment_argument, json_flag, sandbox_option


@click.command()
@environment_argument
@sandbox_option("Approve what was applied in the sandbox.")
@click.option("--sign/--no-sign", default=None, help="Sign the tag.  [default: where the environment asks for it]")
@json_flag
@pass_application
def command(application: Application, environment: str, target: Target, sign: bool | None) -> None:
    """Approve a release for an environment.

    The release is the one that is applied in the environment before ENV in the promotion chain; the approval is an
    annotated git tag that names the record of that apply. Authors of the release cannot approve it. An approval expires
    after 14 days, and with a destroy of either environment. The tag counts where it is pushed: git push --tags.

    \b
    Examples:
      infra approve prod
      infra approve prod --sign
    """
    release, approval = approve(environment, target, is_signed=sign, now=utc_now())
    application.show(
        {"release": release.id, "environment": environment, "who": approval.who, "tag": approval.tag},
        f"{approval.who} approved release {release.id} for {environment}: tag {approval.tag}",
    )
