"""Cuts the apply of an environment off again and again, and does what an operator does then, until it stands.

    .venv/bin/python -m benchmarks.interruptions [--environment dev] [--every 10]

In a sandbox of its own: first the bootstrap stack, then the environment. Each apply is cut off when so many operations
that change something have been carried out; those who can die take turns. What follows is what the messages say:
`infra recover`, for what has no name of its own with the ids that are found in AWS, then `infra plan` and `infra apply`
again. Ends with the reason and exit code 1 when something holding data was to go, something is there twice or not at
all, an apply is not recorded, or it does not converge.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bindings import ROOT
from benchmarks.cutting import PATIENCE, held, kill_provider, kill_terraform, tell, wait_until_held
from benchmarks.inventory import Inventory, lost
from cli.core.plans.stateful import is_stateful
from cli.core.sandbox.state_directory import DIRECTORY_VARIABLE, StateDirectory
from envs.load import load

Done = subprocess.CompletedProcess[str]
Run = subprocess.Popen[str]

NOTHING, CHANGES, LOCKED, REFUSED = 0, 2, 9, 10
"""Exit codes of the toolkit."""

OUTAGE = 30.0
"""Seconds for which AWS is gone."""

MOST_FAILURES = 3
"""Applies that nobody cut off and that failed all the same; with more of them a stack does not converge."""


@dataclass
class Campaign:
    """An environment that is brought up in spite of everything."""

    environment: str
    sandbox: Path
    every: int
    account_id: str
    cuts: Counter[str] = field(default_factory=Counter)
    """How often who was the victim."""
    orders: dict[str, Counter[str]] = field(default_factory=dict)
    """What putting in order came to, by the victim before."""
    victim: str = ""
    """Who was cut off last."""
    applies: dict[str, list[bool]] = field(default_factory=dict)
    """Of each apply of a stack that was begun, whether it was let end."""

    @property
    def state_directory(self) -> StateDirectory:
        """Where the sandbox is."""
        return StateDirectory(self.sandbox / self.environment)

    def start(self, *arguments: str) -> Run:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.main", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", DIRECTORY_VARIABLE: str(self.sandbox)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def infra(self, *arguments: str, codes: Iterable[int] = (NOTHING,)) -> Done:
        """Run a command that must end with one of some codes."""
        done = finish(self.start(*arguments))
        if done.returncode not in codes:
            raise SystemExit(f"infra {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def data(self, *arguments: str, codes: Iterable[int] = (NOTHING,)) -> Any:
        """Run a command with --json; its document."""
        return json.loads(self.infra(*arguments, "--json", codes=codes).stdout)

    def tell(self, **faults: str) -> None:
        """Tell the sandbox what is to happen."""
        tell(self.state_directory, self.account_id, **faults)

    def inventory(self, stack: str) -> Inventory:
        """What there is of a stack."""
        record = self.state_directory.running()
        assert record is not None
        return Inventory(record, self.state_directory.stacks / stack / "cdk.tf.json")


def finish(run: Run) -> Done:
    """The end of a command."""
    stdout, stderr = run.communicate(timeout=10 * PATIENCE)
    return Done(run.args, run.returncode, stdout, stderr)


# Who can die. Each takes a campaign, a stack, and the apply, for which the sandbox is told to hold or to die; and
# returns how the apply ended and how often something was cut off: 0 when it ended by itself.


def terraform_is_killed(campaign: Campaign, stack: str, apply: Run) -> tuple[Done, int]:
    """terraform and its provider, for want of memory."""
    with held(campaign.state_directory, campaign.account_id, apply) as is_held:
        if is_held:
            kill_terraform(campaign.state_directory, stack)
    return finish(apply), int(is_held)


def the_provider_is_killed(campaign: Campaign, stack: str, apply: Run) -> tuple[Done, int]:
    """The provider alone, for want of memory; terraform writes the state and ends."""
    with held(campaign.state_directory, campaign.account_id, apply) as is_held:
        if is_held:
            kill_provider(campaign.state_directory, stack)
    return finish(apply), int(is_held)


def aws_is_gone(campaign: Campaign, _stack: str, apply: Run) -> tuple[Done, int]:
    """The network, or AWS, for half a minute, after which terraform may still be there or not."""
    while apply.poll() is None and campaign.state_directory.running() is not None:
        time.sleep(0.1)
    is_gone = campaign.state_directory.running() is None
    with contextlib.suppress(subprocess.TimeoutExpired):
        apply.communicate(timeout=OUTAGE)
    campaign.tell()
    return finish(apply), int(is_gone)


def all_is_killed(campaign: Campaign, stack: str, apply: Run) -> tuple[Done, int]:
    """The machine."""
    with held(campaign.state_directory, campaign.account_id, apply) as is_held:
        if is_held:
            apply.kill()
            kill_terraform(campaign.state_directory, stack)
    return finish(apply), int(is_held)


def the_command_is_killed(campaign: Campaign, stack: str, apply: Run) -> tuple[Done, int]:
    """The command, while terraform goes on and the next command waits for it; terraform too, at the next cut."""
    with held(campaign.state_directory, campaign.account_id, apply) as is_held:
        if not is_held:
            return finish(apply), 0
        apply.kill()
        apply.communicate()
        following = campaign.start(*following_command(campaign, stack))
        assert following.stderr is not None
        waits = following.stderr.readline()
        if not re.match(r"terraform \(process \d+\) still works on", waits):
            raise SystemExit(f"the next command does not wait for terraform: {waits}{finish(following)}")
        campaign.tell(hold_at=str(campaign.every))
        cuts = 1
        if wait_until_held(campaign.state_directory, following):
            kill_terraform(campaign.state_directory, stack)
            cuts = 2
    done = finish(following)
    if "had no record; terraform's log says" not in done.stderr:
        raise SystemExit(f"the record of the apply that died was not written:\n{done.stderr}")
    return done, cuts


VICTIMS: Mapping[str, Callable[[Campaign, str, Run], tuple[Done, int]]] = {
    "terraform": terraform_is_killed,
    "the provider": the_provider_is_killed,
    "AWS": aws_is_gone,
    "all of it": all_is_killed,
    "the command": the_command_is_killed,
}


def apply_command(campaign: Campaign, stack: str) -> tuple[str, ...]:
    """The command that applies a stack."""
    verb = "apply" if stack == campaign.environment else "bootstrap"
    return (verb, campaign.environment, "--sandbox", "--yes")


def following_command(campaign: Campaign, stack: str) -> tuple[str, ...]:
    """What is done next, whatever happened."""
    if stack == campaign.environment:
        skipped = ("--skip-preconditions", "no server starts in the sandbox")
        return ("plan", campaign.environment, "--sandbox", "--json", *skipped)
    return apply_command(campaign, stack)


def play(campaign: Campaign, stack: str) -> None:
    """Apply a stack, cut off again and again, until there is nothing to do."""
    victims = list(VICTIMS)
    applies = campaign.applies.setdefault(stack, [])
    failures = 0
    while stack != campaign.environment or is_planned(campaign, stack):
        victim = victims[len(applies) % len(victims)]
        campaign.tell(**{"die_at" if victim == "AWS" else "hold_at": str(campaign.every)})
        done, cuts = VICTIMS[victim](campaign, stack, campaign.start(*apply_command(campaign, stack)))
        if cuts:
            applies.append(victim == "the command" and cuts == 1)  # then terraform came to its end
            campaign.victim = victim
            campaign.cuts[victim] += cuts
            print(f"{time.strftime('%H:%M:%S')} {stack}, cut {campaign.cuts.total()}: {victim}", flush=True)
        campaign.tell()
        if put_in_order(campaign, stack, done):
            continue
        if cuts:
            continue
        applies.append(done.returncode == NOTHING)
        if done.returncode != NOTHING:
            failures += 1
            print(f"  an apply that nobody cut off ended with {done.returncode}:\n{done.stderr}", flush=True)
            if failures > MOST_FAILURES:
                raise SystemExit(f"{stack} does not converge")
        elif stack != campaign.environment:
            return


def is_planned(campaign: Campaign, stack: str) -> bool:
    """Plan the environment, having put in order what has to be; whether there is anything to do."""
    while True:
        codes = (NOTHING, CHANGES, LOCKED, REFUSED)
        done = campaign.infra(*following_command(campaign, stack), codes=codes)
        if not put_in_order(campaign, stack, done):
            break
    if losses := json.loads(done.stdout)["stateful_losses"]:
        raise SystemExit(f"the plan of {stack} takes what holds data: {losses}")
    return done.returncode == CHANGES


def put_in_order(campaign: Campaign, stack: str, done: Done) -> bool:
    """Do what a command says that was refused or cut off; False when it says nothing of that."""
    if done.returncode == LOCKED:
        print(f"  {done.stderr.strip()}", flush=True)
        campaign.infra("unlock", campaign.environment, "--sandbox", "--yes")
        return True
    if "infra recover" not in done.stdout + done.stderr:
        if done.returncode == REFUSED:
            raise SystemExit(f"{stack} was refused:\n{done.stdout}{done.stderr}")
        return False
    bootstrap = [] if stack == campaign.environment else ["--bootstrap"]
    recover = ("recover", campaign.environment, *bootstrap, "--sandbox", "--yes")
    found = campaign.data(*recover)
    inventory = campaign.inventory(stack)
    require_once(inventory)
    by_hand = lost(inventory, found["begun"])
    counts = campaign.orders.setdefault(campaign.victim, Counter())
    counts["lock"] += found["lock"] is not None
    counts["state"] += found["is_state_pushed"] + found["is_state_restored"]
    counts["imported"] += len(found["adopted"])
    counts["kept"] += len(found["kept"])
    counts["by hand"] += len(by_hand)
    counts["not there"] += len(found["begun"]) - len(by_hand)
    print(f"  {'; '.join(f'{name} {count}' for name, count in counts.items())}", flush=True)
    if by_hand:
        campaign.infra(*recover, *(text for each in by_hand.items() for text in ("--adopt", "=".join(each))))
    return True


def require_once(inventory: Inventory, least: int = 0) -> None:
    """Raise `SystemExit` where there are two of something, or fewer than ``least``."""
    found = {address: inventory.ids(address) for address in inventory.addresses()}
    if wrong := {address: ids for address, ids in found.items() if not least <= len(ids) <= 1}:
        raise SystemExit(f"not there once: {wrong}")


def verify(campaign: Campaign, stack: str) -> None:
    """Raise `SystemExit` where the end is not as it must be."""
    require_once(campaign.inventory(stack), 1)
    records = [each for each in campaign.data("history", campaign.environment, "--sandbox") if each["stack"] == stack]
    applies = [record["result"] == "succeeded" for record in records if record["kind"] == "apply"]
    if applies != campaign.applies[stack]:
        raise SystemExit(f"applies of {stack} that succeeded, by the records {applies}, in truth {campaign.applies}")
    ids: dict[str, set[str]] = {}
    for record in records:
        for address, each in record.get("resources", {}).items():
            if is_stateful(address.partition(".")[0]):
                if "delete" in each["actions"]:
                    raise SystemExit(f"{address} holds data and was deleted, record {record['sequence']}")
                ids.setdefault(address, set()).update([each["id"]] if each["id"] else [])
    if twice := {address: each for address, each in ids.items() if len(each) > 1}:
        raise SystemExit(f"holds data and was made twice: {twice}")


def main() -> None:
    """Play it, and print what came of it."""
    parser = argparse.ArgumentParser(description="Cut an apply off again and again, and go on each time.")
    parser.add_argument("--environment", default="dev")
    parser.add_argument("--every", type=int, default=10, help="operations between two cuts (default: 10)")
    parser.add_argument("--directory", help="keep the sandbox here, to look at it (default: a temporary directory)")
    arguments = parser.parse_args()
    environment = arguments.environment
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        sandbox = Path(arguments.directory or scratch).absolute()
        campaign = Campaign(environment, sandbox, arguments.every, load(environment).account_id)
        try:
            for stack in (f"{environment}-bootstrap", environment):
                play(campaign, stack)
            for stack in campaign.applies:
                verify(campaign, stack)
            if campaign.data("recover", environment, "--sandbox")["record"] is not None:
                raise SystemExit("something was left to put in order")
            resources = len(campaign.inventory(environment).addresses())
        finally:
            campaign.infra("sandbox", "down" if arguments.directory else "reset")
    minutes = (time.monotonic() - started) / 60
    print(
        f"\n{environment}: cut off {campaign.cuts.total()} times, every {arguments.every} operations; {minutes:.0f} min"
    )
    print(f"{resources} resources of which there could be two are there once\n")
    print(
        "| killed | cuts | locks taken away | states written | imported | of these by hand | completed | never made |\n"
        "|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    for victim, cuts in campaign.cuts.items():
        counts = campaign.orders.get(victim, Counter[str]())
        row = [counts[name] for name in ("lock", "state", "imported", "by hand", "kept", "not there")]
        row[2] += counts["by hand"]
        print(f"| {victim} | {cuts} | {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
