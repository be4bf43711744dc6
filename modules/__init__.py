"""Constructs that synthesize to Terraform, one subpackage per part of the system.

Importing this package makes the AWS bindings load fast (see `modules.runtime.bindings`), so inside it a plain typed
import such as ``from cdktf_cdktf_provider_aws.vpc import Vpc`` is right. Always import the
submodule, never the package root.
"""

from modules.runtime import bindings

bindings.install()
