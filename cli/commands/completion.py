"""`infra completion`: completion of commands, options and environments in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from cli.ui.app import Application
from cli.ui.options import json_flag

_VARIABLE = "_INFRA_COMPLETE"
"""With this variable the program answers what may come next, as click has it for a program of this name."""


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@json_flag
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the script that completes commands in a shell.

    Options and environments are completed as well, of infra and ./infra alike: the one that is typed is asked.

    \b
    Examples:
      infra completion bash >> ~/.bashrc
      infra completion zsh >> ~/.zshrc
      infra completion fish > ~/.config/fish/completions/infra.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None, shell
    script = completion(context.find_root().command, {}, "infra", _VARIABLE).source()
    context.ensure_object(Application).show({"shell": shell, "script": script}, script)
