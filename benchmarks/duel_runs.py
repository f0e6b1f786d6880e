"""One run of `duel.py`: a peer or Shoal on a task folder, against a model server of its own; scores and CPU in order.

Peers are installed from PyPI at a pinned version, each into a virtual environment of its own, and started by their
own commands with their own defaults, but for what `CONFIGS` says. CPU is what the processes of a run used, from their
start to their end, the evaluators included and the model server not.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duel_tasks import OPENEVOLVE, SHINKA, description_of, write_folder

__all__ = ["PEERS", "SYSTEMS", "Job", "run"]

PEERS = {OPENEVOLVE: "openevolve==0.4.1", SHINKA: "shinka-evolve==0.0.7"}
SHOAL = ("model", "mixed", "embedded")
SYSTEMS = (*PEERS, *(f"shoal-{proposer}" for proposer in SHOAL))
SAMPLE_SECONDS = 0.2
TICKS = os.sysconf("SC_CLK_TCK")

CONFIGS = {
    # Cascades need stages that the evaluator has not; the trace is how scores are read, in order, and costs little.
    OPENEVOLVE: """\
random_seed: {seed}
llm:
  primary_model: "embedded"
  api_base: "{url}"
  api_key: "none"
prompt:
  system_message: {about}
evaluator:
  cascade_evaluation: false
  parallel_evaluations: 1
evolution_trace:
  enabled: true
  include_prompts: false
  buffer_size: 1
""",
    # One at a time, so that each program is made in sight of all before it. Its vectors would be asked of a vendor;
    # without them nothing is rejected as too much alike, which small edits would be.
    SHINKA: """\
evo:
  task_sys_msg: {about}
  llm_models: ["local/embedded@{url}"]
  embedding_model: null
job:
  time: "00:01:00"
max_evaluation_jobs: 1
max_proposal_jobs: 1
""",
}
MODELS = '[[model]]\nname = "embedded"\nurl = "{url}"\nmodel = "embedded"\nprice = "free"\n'


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run; ``evaluations`` include that of the first program."""

    system: str
    task: str
    seed: int
    evaluations: int

    @property
    def name(self) -> str:
        return f"{self.system}-{self.task}-{self.evaluations}-{self.seed}"


def run(job: Job, *, out: Path, venvs: Path) -> dict[str, Any]:
    """The result of a job, from ``out`` where it is there already.

    Returns:
        "scores": shares of the best value known, None for no score, in order of evaluation; "cpu": the CPU seconds
        used when each was there; "cpu_total", "cpu_model", "calls", "seconds", "code".
    """
    kept = out / f"{job.name}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    place = out / job.name
    number = 0
    while place.exists():  # what a run that was broken off has left
        number += 1
        place = out / f"{job.name}.{number}"
    form = OPENEVOLVE if job.system == OPENEVOLVE else SHINKA
    folder = write_folder(job.task, place / job.task, form=form)
    with _server(job.seed) as server:
        words = _words(job, folder, place, server.url, venvs)
        ran = _measured(words, place / "log.txt")
    read = {OPENEVOLVE: _read_openevolve, SHINKA: _read_shinka}.get(job.system, _read_shoal)
    steps = read(place)[: job.evaluations]
    found = {
        "job": job.name,
        "scores": [score for _, score in steps],
        "cpu": [round(ran.at(when), 3) for when, _ in steps],
        "cpu_total": round(ran.cpu, 3),
        "cpu_model": round(server.cpu, 3),
        "calls": server.calls,
        "seconds": round(ran.seconds, 1),
        "code": ran.code,
    }
    kept.write_text(json.dumps(found))
    return found


def _words(job: Job, folder: Path, place: Path, url: str, venvs: Path) -> list[str]:
    """The command of a run, as its documentation gives it."""
    if job.system in PEERS:
        home = _installed(job.system, venvs)
        about = json.dumps(description_of(job.task))  # JSON is YAML
        config = place / "config.yaml"
        config.write_text(CONFIGS[job.system].format(seed=job.seed, url=url, about=about))
        if job.system == OPENEVOLVE:
            files = [str(folder / name) for name in ("initial_program.py", "evaluator.py")]
            options = ["--config", str(config), "--iterations", str(job.evaluations), "--output", str(place / "out")]
            return [str(home / "openevolve-run"), *files, *options]
        options = ["--results_dir", str(place / "out"), "--num_generations", str(job.evaluations)]
        return [str(home / "shinka_run"), "--task-dir", str(folder), *options, "--config-fname", str(config)]
    proposer = job.system.partition("-")[2]
    words = [sys.executable, "-m", "shoal", "run", str(folder), "--proposer", proposer, "--seed", str(job.seed)]
    words += ["--evaluations", str(job.evaluations), "--window", "1", "--workers", "1", "--out", str(place / "out")]
    if proposer == "embedded":
        return words
    (place / "models.toml").write_text(MODELS.format(url=url))
    return [*words, "--models", str(place / "models.toml")]


def _installed(peer: str, venvs: Path) -> Path:
    """The folder of a peer's commands; made and filled once."""
    home = venvs / PEERS[peer].replace("==", "-")
    done = home / "installed"
    if not done.exists():
        venv.create(home, with_pip=True, clear=True)
        subprocess.run([home / "bin" / "pip", "install", "-qq", PEERS[peer]], check=True)
        done.touch()
    return home / "bin"


# -- the model --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Server:
    url: str
    cpu: float = 0.0
    calls: int = 0


@contextmanager
def _server(seed: int) -> Iterator[_Server]:
    """`shoal model-server`; what it used and answered is known when it has ended."""
    words = [sys.executable, "-m", "shoal", "model-server", "--port", "0", "--json", "--seed", str(seed)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    server = _Server(json.loads(process.stdout.readline())["url"])
    try:
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        told = re.search(r"stopped after (\d+) answers", process.stderr.read())
        _, code, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(code)
        server.cpu, server.calls = usage.ru_utime + usage.ru_stime, int(told[1]) if told else 0


# -- CPU --------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Ran:
    """What a process and all that it started used: in all, and ``samples`` of (UTC seconds, CPU seconds so far)."""

    cpu: float
    seconds: float
    code: int
    samples: list[tuple[float, float]]

    def at(self, when: float) -> float:
        """CPU seconds that were used at a time; between samples in proportion."""
        before = (self.samples[0][0], 0.0)
        for sample in self.samples:
            if sample[0] >= when:
                share = (when - before[0]) / (sample[0] - before[0]) if sample[0] > before[0] else 1.0
                return min(self.cpu, before[1] + max(0.0, share) * (sample[1] - before[1]))
            before = sample
        return self.cpu


def _measured(words: Sequence[str], log: Path) -> _Ran:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    begun, samples = time.time(), [(time.time(), 0.0)]
    with log.open("w") as file:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, env=environment, cwd=log.parent
        )
        try:
            while True:
                pid, code, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                samples.append((time.time(), max(_cpu_of(process.pid), samples[-1][1])))
                time.sleep(SAMPLE_SECONDS)
        except BaseException:
            process.terminate()
            raise
    process.returncode = os.waitstatus_to_exitcode(code)
    # Who was never waited for is in a sample, and not in the sum at the end.
    cpu = max(usage.ru_utime + usage.ru_stime, samples[-1][1])
    return _Ran(cpu, time.time() - begun, process.returncode, samples)


def _cpu_of(process: int) -> float:
    """CPU seconds of a process, of those below it, and of those that they have waited for."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        below = [word for task in Path(f"/proc/{process}/task").iterdir() for word in _children(task)]
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS + sum(_cpu_of(int(child)) for child in below)


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:
        return []


# -- scores in order of evaluation ------------------------------------------------------------------------------------

Steps = list[tuple[float, float | None]]
"""(UTC seconds, score) of each evaluation."""


def _read_openevolve(place: Path) -> Steps:
    lines = (place / "out" / "evolution_trace.jsonl").read_text().splitlines()
    rows = sorted((json.loads(line) for line in lines), key=lambda row: row["timestamp"])
    # The first program is nobody's child; it was measured before the first of them.
    first = min(rows, key=lambda row: row["iteration"])
    steps: Steps = [(first["timestamp"], first["parent_metrics"].get("combined_score"))]
    return steps + [(row["timestamp"], row["child_metrics"].get("combined_score")) for row in rows]


def _read_shinka(place: Path) -> Steps:
    base = sqlite3.connect(f"file:{place / 'out' / 'programs.sqlite'}?mode=ro", uri=True)
    try:
        # A program that is copied to another island keeps its generation and is measured once.
        rows = base.execute(
            "SELECT MIN(timestamp), combined_score, correct FROM programs GROUP BY generation ORDER BY 1"
        ).fetchall()
    finally:
        base.close()
    return [(when, score if correct else None) for when, score, correct in rows]


def _read_shoal(place: Path) -> Steps:
    (file,) = place.glob("out/*/run.db")
    base = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        events = [json.loads(body) for (body,) in base.execute("SELECT body FROM events ORDER BY seq")]
    finally:
        base.close()
    done = [(event["at"], event["result"]["outcome"]) for event in events if event["type"] == "result"]
    return [(when, outcome["score"]) for when, outcome in done if outcome and outcome["counted"]["evaluations"]]
