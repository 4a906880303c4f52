"""A `tiendo` with light steps that starts at once: what has imported everything forks for each command.

Thirty commands of a shell would otherwise spend thirty seconds on imports. As in `faults/forks.py`, nothing
of what was imported has been used before the fork.
"""

import contextlib
import json
import os
import secrets
import shlex
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
LONGEST_REQUEST = 1 << 18
CLIENT = """import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect("\\0" + {name!r})
request = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [request], [0, 1, 2])
sys.exit(int(server.recv(16) or b"9"))
"""


@contextmanager
def light_tiendo(folder: Path) -> Generator[Path]:
    """While the block runs, `tiendo` in `folder` is the command; gives its path."""
    # An address of the kernel, since the path of a folder may be too long for one.
    name = f"tiendo-{os.getpid()}-{secrets.token_hex(8)}"
    log = (folder / "server.log").open("w")
    server = subprocess.Popen(
        [sys.executable, __file__, name],
        stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n", (folder / "server.log").read_text()
        program = folder / "tiendo"
        client = folder / "client.py"
        client.write_text(CLIENT.format(name=name))
        program.write_text(
            f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -ISB {shlex.quote(str(client))} "$@"\n'
        )
        program.chmod(0o755)
        yield program
    finally:
        server.kill()
        server.wait()
        log.close()


def _serve(name: str) -> None:
    import duckdb  # noqa: F401
    import light_home

    import tiendo.cli_output
    import tiendo.cli_shelf
    import tiendo.doctor  # noqa: F401

    light_home.install()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("\0" + name)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            client, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _attend(client)
            client.close()
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _attend(client: socket.socket) -> None:
    """Lets a process of its own do the command, so that it can be killed, and tells how it ended."""
    request, files, _, _ = socket.recv_fds(client, LONGEST_REQUEST, 3)
    arguments, folder, environment = json.loads(request)
    if (number := os.fork()) == 0:
        for wanted, given in enumerate(files):
            os.dup2(given, wanted)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        os._exit(_command(arguments))
    _, status = os.waitpid(number, 0)
    code = os.waitstatus_to_exitcode(status)
    client.send(str(code if code >= 0 else 128 - code).encode())
    os._exit(0)


def _command(arguments: list[str]) -> int:
    from tiendo.cli import main

    sys.argv = ["tiendo", *arguments]
    code = 0
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return code


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    _serve(sys.argv[1])
