"""The first deployment, typed as the README has it, in an empty sandbox: real terraform, and a tiny system.

It is that of another company in another region than the project's, which no text of the toolkit may know better.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from envs.settings.servers import SERVER_NAMES
from tests.support.archives import archive
from tests.support.helpers import ROOT, infra_environment
from tests.support.programs import without
from tests.support.stories import Tiny, make

STATE = '        bucket = S3Bucket(Construct(bootstrap, "state"), "bucket", bucket=environment.state_bucket)\n'
ARTIFACTS = """        for rule in ACCEPTED:
            suppress(bucket, rule=rule, reason="A bucket of a test", expires="2099-12-31")
        bucket = S3Bucket(Construct(bootstrap, "artifacts"), "bucket", bucket=environment.artifacts_bucket)
"""


def steps() -> str:
    """The commands of the README, for the sandbox, in which there is nothing to commit."""
    text = (ROOT / "README.md").read_text()
    (block,) = re.findall(r"^## First deployment\n.*?^```sh\n(.*?)^```", text, re.M | re.S)
    lines = [line.split("#")[0].rstrip() for line in block.splitlines() if not line.startswith("git commit")]
    return "\n".join(f"{line} --sandbox" if line.lstrip().startswith("./infra") else line for line in lines)


def become_another_company(tiny: Tiny) -> None:
    """Give the environments another project, another domain and another region."""
    for path in (tiny.root / "envs").glob("*.yaml"):
        path.write_text(path.read_text().replace("meals", "soup").replace("us-east-1", "eu-west-1"))


def played(tiny: Tiny, script: str) -> subprocess.CompletedProcess[str]:
    """Run the commands in the checkout; the operator types the name of the environment where it is asked for."""
    infra = 'infra() { "$PYTHON" -P -m cli.main "$@" || test $? = 2; }\nset -e\n'
    return subprocess.run(
        ["bash", "-c", infra + script.replace("./infra", "infra")],
        cwd=tiny.root,
        env=infra_environment(tiny.root, {**tiny.variables, "PYTHON": sys.executable}),
        input="dev\n",
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_the_readme_leads_to_an_environment_that_runs(terraform: str, tmp_path: Path) -> None:
    tiny = make(tmp_path)
    become_another_company(tiny)
    tiny.change(STATE, f"{STATE}{ARTIFACTS}", file="modules/stacks.py")
    tiny.commit()
    settings = tiny.data("env", "show", "dev")
    assert (settings["project"], settings["region"]) == ("soup", "eu-west-1")
    assert settings["domain_name"] == "dev.soup.example"
    (tiny.root / "build").mkdir()
    for server in SERVER_NAMES:
        archive(tiny.root / "build" / f"{server}.tar.gz", server.encode())
    try:
        done = played(tiny, steps())
        if done.returncode == 7:
            without("terraform", done.stderr.strip())
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        assert "\napply of dev succeeded: " in done.stdout
        record = tiny.data("history", "dev", "--sandbox")[-1]
        release = record["release"]["values"]
        assert release["ami"].startswith("ami-")
        assert release["artifacts"].keys() == set(SERVER_NAMES)
        assert not record["made_from"]["dirty"], "on AWS nothing is applied from a checkout with changes"
        tiny.infra("artifact", "verify", "dev", "--sandbox")
        assert "no changes" in tiny.infra("plan", "dev", "--sandbox").stdout
    finally:
        tiny.infra("sandbox", "reset")
