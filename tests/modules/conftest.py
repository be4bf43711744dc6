"""Makes the bindings load fast before a test file imports them, which in its imports comes before `modules`."""

import modules  # noqa: F401
