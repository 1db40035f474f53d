"""Runs one command and ends it when whoever started this script is gone, however it went. Standard library only.

`python -I broker_guard.py LOCK_FD COMMAND...`: standard input is a pipe whose other end the starter holds and never
writes to. Its end of file means that the starter died (kill -9 included), which works wherever pipes do and, unlike
PR_SET_PDEATHSIG, does not mistake the end of the starting thread for the end of the process. LOCK_FD is an open file
with a lock on it, handed on so that the lock lasts exactly as long as the command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 10.0


def main() -> int:
    lock_fd = int(sys.argv[1])
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, pass_fds=(lock_fd,))  # noqa: S603 - our starter's

    def end_with_starter() -> None:
        os.read(sys.stdin.fileno(), 1)  # not sys.stdin.read(): its lock would outlive this thread
        child.terminate()
        try:
            child.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()

    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    threading.Thread(target=end_with_starter, daemon=True).start()
    return abs(child.wait())


if __name__ == "__main__":
    sys.exit(main())
