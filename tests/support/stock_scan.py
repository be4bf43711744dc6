"""The gate's worker without what makes it faster. Started by `test_scan`, with the arguments of `scan`."""

import sys
from pathlib import Path

from checkov.terraform_json.runner import TerraformJsonRunner

from cli.core.gate.worker import evaluations, json_paths, module_files, scan, scanner

vars(scan)["install_stubs"] = lambda: None
for patch in (evaluations, json_paths, module_files):
    vars(patch)["install"] = lambda *_: None
vars(scanner)["RUNNERS"]["terraform_json"] = TerraformJsonRunner
scan.main(int(sys.argv[1]), Path(sys.argv[2]))
