"""Runs a command with its stderr on a terminal, and prints what came there: `terminal.py COMMAND…`."""

import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
with subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs) as child:
    os.close(theirs)
    while True:
        try:
            piece = os.read(ours, 65536)
        # Nobody has the other end open any more.
        except OSError:
            break
        if not piece:
            break
        sys.stdout.buffer.write(piece)
raise SystemExit(child.returncode)
