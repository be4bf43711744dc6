"""The command line: one thin command per file in `commands`; what they call, without click, in `engine`."""

import time

STARTED_NS = time.time_ns()
"""When this process began to import the project, in nanoseconds since 1970: what changed later it may have missed."""
