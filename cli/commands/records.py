"""`infra records`: the format of records, and the branch of git on which they are shared."""

from __future__ import annotations

import click

from cli.core.base.clock import utc_now
from cli.core.base.project import ROOT
from cli.core.operations.recover import record_unfinished
from cli.core.records import branch, heads, schema
from cli.ui.app import Application, Group, pass_application
from cli.ui.options import environment_argument, json_flag
from envs.load import environments


@click.group(cls=Group)
def command() -> None:
    """Share records on a branch, sign them, and describe their format.

    \b
    Examples:
      infra records checkout
      infra records publish dev
    """


@command.command("checkout")
@click.argument("revision", default="origin/records")
@json_flag
@pass_application
def check_out(application: Application, revision: str) -> None:
    """Write the records of a branch into the checkout.

    REVISION is a branch or a commit that holds records and nothing else: origin/records unless you name another. It is
    not fetched; git fetch does that. When it holds anything else, nothing is written and the exit code is 10; when a
    record does not fit those before it, 1.

    \b
    Examples:
      infra records checkout
      git fetch upstream && infra records checkout upstream/records
    """
    new = branch.checkout(ROOT, revision, environments())
    application.show(
        {"revision": revision, "new": list(map(str, new))},
        f"{revision}: {len(new)} new record{'' if len(new) == 1 else 's'}",
    )


@command.command("publish")
@environment_argument
@click.option("--remote", metavar="REMOTE", default="origin", show_default=True, help="A remote of git, or its URL.")
@click.option("--branch", "name", metavar="BRANCH", default="records", show_default=True, help="The branch of records.")
@json_flag
@pass_application
def publish(application: Application, environment: str, remote: str, name: str) -> None:
    """Push the records of an environment to the branch of records.

    The record of an apply whose run died, such as one that was cancelled, is written first, when its terraform has
    ended.

    \b
    Examples:
      infra records publish dev
    """
    record_unfinished(environment, application.progress)
    is_pushed = branch.publish(ROOT, environment, environments(), remote=remote, branch=name)
    application.show(
        {"environment": environment, "branch": name, "pushed": is_pushed},
        f"{environment}: {'records pushed to' if is_pushed else 'no new record for'} {name}",
    )


@command.command("sign")
@json_flag
@pass_application
def sign(application: Application) -> None:
    """Sign the newest records, so that nobody can take them away unseen.

    Makes an annotated tag of git that names the newest records of every environment and of the log of promotions, with
    your signature. The tag counts where it is pushed: git push --tags.

    \b
    Example:
      infra records sign
    """
    signed = heads.sign(ROOT, utc_now())
    listed = "".join(f"\n  {name}" for name in signed.records)
    application.show({"tag": signed.tag, "records": list(signed.records)}, f"tag {signed.tag} names{listed}")


@command.command("schema")
@click.option("--write", is_flag=True, help="Write docs/records.schema.json instead.")
@json_flag
@pass_application
def print_schema(application: Application, write: bool) -> None:
    """Print the JSON Schema of a record.

    It is JSON with and without --json.

    \b
    Examples:
      infra records schema
      infra records schema --write
    """
    if not write:
        application.write(schema.render())
        return
    schema.write()
    written = schema.PATH.relative_to(ROOT).as_posix()
    application.show({"written": [written]}, f"wrote {written}")
