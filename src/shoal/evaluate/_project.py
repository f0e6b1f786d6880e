"""Inside a box: a command in a copy of a user's project, some of whose files are others.

The project itself is only read. What a test deletes or writes is the copy's, and there is no network.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
from typing import Any

from shoal.evaluate._command import PATH
from shoal.sandbox import commands, frames

__all__ = ["main"]

MOST_STDOUT = 4 << 20
COPY = "project"
IN_COPY = ("/bin/sh", "-c", f'cd {COPY} && exec "$@"', "sh")


def main(job: bytes, channels: tuple[socket.socket, ...]) -> None:
    """Run the job's command and answer one frame: how it ended, what it said, the files that are wanted.

    The job: ``project``, a folder that can be read; ``files``, texts by path in it; ``argv``; ``environment``, in whose
    values ``{folder}`` stands for the private folder; ``outputs``, names of files to hand back from the private folder.
    """
    spec, channel = json.loads(job), channels[0]
    frames.receive(channel, limits=frames.FrameLimits(), deadline=None)
    try:
        answer = _run(spec)
    except (OSError, commands.FolderError) as error:
        answer = {"failure": str(error)}
    frames.send(channel, answer)


def _run(spec: dict[str, Any]) -> dict[str, Any]:
    folder = commands.folder()
    copy = os.path.join(folder, COPY)
    shutil.copytree(spec["project"], copy)
    for name, text in spec["files"].items():
        path = os.path.join(copy, name)
        if os.path.exists(path):
            os.remove(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    environment = {name: value.replace("{folder}", folder) for name, value in spec["environment"].items()}
    environment |= {"PATH": PATH, "HOME": folder, "TMPDIR": commands.scratch()}
    ran = commands.run(commands.Command((*IN_COPY, *spec["argv"]), environment=environment, most_stdout=MOST_STDOUT))
    outputs = {}
    for name in spec["outputs"]:
        if os.path.exists(os.path.join(folder, name)):
            outputs[name] = commands.read(name, most_bytes=16 << 20)
    return {
        "failure": ran.failure,
        "code": ran.code,
        "signal": ran.signal,
        "stdout": ran.stdout[-MOST_STDOUT:],
        "stderr": ran.stderr,
        "outputs": outputs,
    }
