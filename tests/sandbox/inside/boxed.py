"""The entry of the command profile in the tests: runs what a frame asks for, and answers with what came of it."""

from dataclasses import asdict

from shoal.sandbox import commands, frames


def main(job, channels):
    """One frame ``{"files": ..., "argv": ..., "stdin": ..., "read": [...], "most_stdout": ...}``; one answer."""
    channel = channels[0]
    wanted = frames.receive(channel)
    for name, data in wanted.get("files", {}).items():
        commands.put(name, data.encode() if isinstance(data, str) else data, executable=True)
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TMPDIR": commands.scratch(),
        **wanted.get("environment", {}),
    }
    command = commands.Command(
        tuple(wanted["argv"]),
        stdin=wanted.get("stdin", b""),
        environment=environment,
        most_stdout=wanted.get("most_stdout", 1 << 20),
    )
    answer = asdict(commands.run(command))
    for name in wanted.get("read", ()):
        try:
            answer[name] = commands.read(name, most_bytes=1 << 16)
        except commands.FolderError as error:
            answer[name] = str(error)
    if wanted.get("list"):
        answer["names"] = commands.files()
    frames.send(channel, answer)
