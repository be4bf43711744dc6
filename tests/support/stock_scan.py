"""The gate's worker without what makes it faster. Started by `test_scan`, with the arguments of `scan`."""

import sys
from pathlib import Path

from checkov.terraform_json.runner import TerraformJsonRunner

from cli.core.gate.worker import json_paths, scan, scanner

vars(scan)["install_stubs"] = lambda: None
vars(json_paths)["install"] = lambda: None
vars(scanner)["RUNNERS"]["terraform_json"] = TerraformJsonRunner
scan.main(int(sys.argv[1]), Path(sys.argv[2]))
