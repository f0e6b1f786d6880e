"""From a task to the setting of the evaluator that measures its programs."""

from dataclasses import asdict

from shoal.evaluate import Ported, Setting, ported
from shoal.tasks._ported import entries_of
from shoal.tasks._task import Task

__all__ = ["setting_of"]


def setting_of(task: Task) -> Setting:
    """A task as the evaluator sees it."""
    self_scored = task.kind == "self_scored"
    return Setting(
        name=task.name,
        kind="command" if self_scored else task.kind,
        folder=task.folder,
        main=task.program.file,
        entry=task.program.entry,
        fixed=task.instances.fixed,
        transfer=task.instances.transfer,
        judge=task.judge.decode(),
        public=task.public.decode() if task.public is not None else None,
        sign=1.0 if task.score.direction == "max" else -1.0,
        range=task.score.range,
        cpu_seconds=task.limits.cpu_seconds,
        wall_seconds=task.limits.wall_seconds,
        memory_bytes=task.limits.memory_mb << 20,
        judge_cpu_seconds=task.limits.judge_cpu_seconds,
        warm=task.program.warm,
        draws=any(b"random" in data for data in task.files.values()),
        answers=tuple(asdict(answer) for answer in task.answers),
        command=task.program.command,
        compile=task.program.compile,
        outputs=task.program.outputs,
        compile_cpu_seconds=task.limits.compile_cpu_seconds,
        initial=task.files if task.kind == "timed" else None,
        module=task.program.module,
        path=task.program.path,
        ported=Ported(entries_of(task), ported.stand_ins()) if self_scored else None,
    )
