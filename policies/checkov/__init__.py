"""The border to checkov: rules as its checks, suppressions, results. Nothing else in `policies` imports it."""
