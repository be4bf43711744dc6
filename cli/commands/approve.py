"""`infra approve`: a signature under a release."""

from __future__ import annotations

import click

from cli.core.base.target import Target
from cli.ui.options import environment_argument, json_option, sandbox_option


@click.command()
@environment_argument
@sandbox_option("Approve what was applied in the sandbox.")
@click.option("--sign/--no-sign", default=None, help="Sign the tag.  [default: where the environment asks for it]")
@json_option
def command(environment: str, target: Target, sign: bool | None, as_json: bool) -> None:
    """Approve a release for an environment.

    Who wrote the release cannot approve it. The tag counts where it is pushed: git push --tags.

    \b
    Examples:
      infra approve prod
      infra approve prod --sign
    """
    from cli.core.base.environments import load_settings
    from cli.core.base.project import ROOT
    from cli.core.promotion import approvals
    from cli.core.promotion.refusals import NoRelease, NoSuchStep
    from cli.core.workspace.workspace import records_of
    from cli.ui.stacks import reported
    from cli.ui.terminal import print_json
    from envs.promotion_chain import PROMOTION_CHAIN

    settings = load_settings(environment)
    with reported(as_json=as_json):
        if environment not in PROMOTION_CHAIN[1:]:
            raise NoSuchStep(f"nothing is promoted to {environment}; allowed: {', '.join(PROMOTION_CHAIN[1:])}")
        source = PROMOTION_CHAIN[PROMOTION_CHAIN.index(environment) - 1]
        records = records_of(source, target).read()
        done = [each for each in records if each.data.get("stack") == source and each.data["deed"] == "apply"]
        if not done or done[-1].data["result"] != "succeeded":
            raise NoRelease(
                f"the last apply of {source} did not succeed, or there is none: there is no release to approve"
            )
        release = done[-1].data["release"]
        version = release["values"]["application_version"]
        message = f"Approve release {release['id']} (application {version}) for {environment}"
        signed = settings.promotion.signed_approvals if sign is None else sign
        given = approvals.give(ROOT, environment, release["id"], message, signed=signed)
    if as_json:
        print_json({"release": release["id"], "environment": environment, "who": given.who, "tag": given.tag})
        return
    click.echo(f"{given.who} approved release {release['id']} for {environment}: tag {given.tag}")
