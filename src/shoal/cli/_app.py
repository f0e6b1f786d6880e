"""The commands and their flags. Each loads what it needs when it is called, so that help comes at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Programs, agents and training recipes that improve under evaluation. Begin with: shoal demo",
)
runs_app = typer.Typer(rich_markup_mode=None, help="List runs; `shoal runs rm RUN` deletes one.")
app.add_typer(runs_app, name="runs")

TaskName = Annotated[str, typer.Argument(help="A task's name (see `shoal tasks`) or its folder.", show_default=False)]
Run = Annotated[str, typer.Argument(help="A run's id, the start of one, its folder, or last.", show_default=False)]
Out = Annotated[Path, typer.Option(help="The folder that runs are in.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout; all else goes to stderr.")]
Evaluations = Annotated[int | None, typer.Option(help="Budget: trials of candidates.", show_default=False)]
Seconds = Annotated[float | None, typer.Option(help="Budget: wall seconds.", show_default=False)]
CpuSeconds = Annotated[float | None, typer.Option(help="Budget: CPU seconds of all processes.", show_default=False)]
Tokens = Annotated[int | None, typer.Option(help="Budget: tokens of models.", show_default=False)]
Usd = Annotated[float | None, typer.Option(help="Budget: US dollars for models, at list price.", show_default=False)]
Models = Annotated[Path | None, typer.Option(help="A TOML file with the language models to ask.", show_default=False)]
Seed = Annotated[int | None, typer.Option(help="Seed of the run; a random one unless set.", show_default=False)]
Workers = Annotated[
    int | None, typer.Option(help="Trials at once; two more than there are cores unless set.", show_default=False)
]
RUNS = Path("runs")


@app.command()
def demo(
    lab: Annotated[str, typer.Argument(help="evolve, or selfimprove.")] = "evolve",
    seconds: Seconds = None,
    evaluations: Evaluations = None,
    seed: Annotated[int, typer.Option(help="Seed of the run.")] = 0,
    workers: Workers = None,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Improve a small program for a minute, or let an agent rewrite itself for two.

    26 circles in a square, or the repair of small programs; no key, no network, no GPU.
    """
    from shoal.cli import _run

    if lab == "selfimprove":
        from shoal.cli import _selfimprove

        settings = {**_selfimprove.DEMO, "seeds": (seed,)} | ({"evaluations": evaluations} if evaluations else {})
        return _selfimprove.selfimprove(settings, out=out, resume=None, workers=workers, json=json)
    if lab != "evolve":
        raise typer.BadParameter(f"no lab is called {lab!r}; there are evolve and selfimprove", param_hint="LAB")

    overrides = {"task": "circle_packing_26", "evaluations": evaluations, "seconds": seconds, "seed": seed}
    return _run.demo({**overrides, "workers": workers, "out": out}, json=json)


@app.command()
def run(
    task: Annotated[str | None, typer.Argument(help="A task's name or folder.", show_default=False)] = None,
    evaluations: Evaluations = None,
    seconds: Seconds = None,
    cpu_seconds: CpuSeconds = None,
    tokens: Tokens = None,
    usd: Usd = None,
    target: Annotated[float | None, typer.Option(help="Stop at this score.", show_default=False)] = None,
    seed: Seed = None,
    workers: Workers = None,
    window: Annotated[int | None, typer.Option(help="Most work in flight; repeats need the same.")] = None,
    ordered: Annotated[
        bool | None, typer.Option("--ordered/--unordered", help="Learn in order (repeatable), or as results arrive.")
    ] = None,
    proposer: Annotated[
        str | None,
        typer.Option(
            help="embedded; mixed, model, best-of-n or refine, with --models; or a baseline such as independent.",
            show_default=False,
        ),
    ] = None,
    models: Models = None,
    replay_models: Annotated[
        str | None,
        typer.Option(help="Take the models' replies from this run; nobody is asked.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what the budget buys and the first prompt; ask nobody.")
    ] = False,
    without: Annotated[
        str | None,
        typer.Option(help="Families of edits to switch off, for instance idioms,polish.", show_default=False),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--from", help="Start from this program or run.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder for runs; runs unless set.", show_default=False)] = None,
    config: Annotated[Path | None, typer.Option(help="A run.toml; flags win over it.", show_default=False)] = None,
    set: Annotated[list[str] | None, typer.Option(help="KEY=VALUE of the configuration; may be repeated.")] = None,
    json: AsJson = False,
) -> int:
    """Improve the program of a task until its budget is used."""
    from shoal.cli import _options, _run

    flags = {
        "task": task,
        "evaluations": evaluations,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "tokens": tokens,
        "usd": usd,
        "target": target,
        "seed": seed,
        "workers": workers,
        "window": window,
        "ordered": ordered,
        "proposer": proposer,
        "without": _options.listed(without),
        "start": start,
        "out": out,
    }
    asked = _run.Asked(models=models, replay=replay_models, dry=dry_run)
    return _run.run(flags, config=config, settings=set or [], asked=asked, json=json)


@app.command()
def improve(
    function: Annotated[
        str,
        typer.Argument(metavar="MODULE:FUNCTION", help="The function, in the project you are in.", show_default=False),
    ],
    tests: Annotated[
        list[str] | None,
        typer.Option(help="Its tests, to note calls and to check the patch; those that mention it unless set."),
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(help="Calls, one JSON list of arguments a line.", show_default=False),
    ] = None,
    goal: Annotated[
        str, typer.Option(help="speed, or MODULE:FUNCTION: a number of yours over the outputs, to be made larger.")
    ] = "speed",
    time: Annotated[str, typer.Option(help="How long to search: 90s, 20m, 2h.")] = "5m",
    evaluations: Evaluations = None,
    tolerance: Annotated[float, typer.Option(help="That floats may differ by, relative.")] = 0.0,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder for the run; outside of the project unless set.", show_default=False)
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the patch into the project.")] = False,
    pr: Annotated[bool, typer.Option("--pr", help="Print a description for a pull request.")] = False,
    json: AsJson = False,
) -> int:
    """Make a function of your own project faster or better, with proof and a patch.

    Faster means: it does exactly what it did. Nothing in the project is changed without --apply.
    """
    from shoal.cli import _improve

    flags = {"tests": tests or [], "examples": examples, "time": time, "evaluations": evaluations, "out": out}
    more = {"goal": goal, "tolerance": tolerance, "seed": seed, "workers": workers}
    return _improve.improve(function, {**flags, **more}, apply=apply, pr=pr, json=json)


@app.command()
def selfimprove(
    bench: Annotated[
        Path | None,
        typer.Option(help="A folder of repair tasks; the built-in benchmark unless set.", show_default=False),
    ] = None,
    rule: Annotated[str, typer.Option(help="Who has children: greedy, dgm, hgm, sica or random.")] = "greedy",
    arms: Annotated[
        bool, typer.Option("--arms", help="Run the control arms, too: what luck alone would give.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Runs of each arm, with seeds 0, 1, ...")] = 1,
    evaluations: Annotated[
        int | None, typer.Option(help="Budget of each run: agents at a task.", show_default=False)
    ] = None,
    sealed: Annotated[int | None, typer.Option(help="Tasks behind the seal.", show_default=False)] = None,
    agent: Annotated[
        Path | None, typer.Option(help="A folder with another seed agent, agent.py in it.", show_default=False)
    ] = None,
    improver: Annotated[
        Path | None,
        typer.Option(help="A folder with an agent that makes all children; they make none.", show_default=False),
    ] = None,
    models: Annotated[
        Path | None, typer.Option(help="A TOML file with language models; agents may ask one.", show_default=False)
    ] = None,
    model: Annotated[str | None, typer.Option(help="Which of them; the first unless set.", show_default=False)] = None,
    tokens: Tokens = None,
    usd: Usd = None,
    replay_models: Annotated[
        Path | None,
        typer.Option(help="Take the model's replies from the study in this folder.", show_default=False),
    ] = None,
    asks: Annotated[
        int | None, typer.Option(min=1, help="Calls of the model by one agent at one repair.", show_default=False)
    ] = None,
    step_asks: Annotated[
        int | None, typer.Option(min=1, help="Calls of the model by one self-modification.", show_default=False)
    ] = None,
    approve: Annotated[
        str | None,
        typer.Option(help="auto, or ask: a person sees the diff before any agent is promoted.", show_default=False),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="Go on with the study in this folder.", show_default=False)
    ] = None,
    workers: Workers = None,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Let an agent rewrite its own code, and prove what that brought.

    The agent repairs small programs; a child is kept where it repairs more. The verdict is computed on sealed tasks.
    """
    from shoal.cli import _selfimprove

    settings: dict[str, Any] = {
        "bench": bench,
        "rule": rule,
        "evaluations": evaluations,
        "sealed": sealed,
        "agent": agent,
        "improver": improver,
        "approve": approve,
        "arms": _selfimprove.arms_of(every=arms, improver=improver),
        "seeds": tuple(range(seeds)),
    }
    paid = _selfimprove.Paid(models, model, tokens, usd, replay_models, asks, step_asks)
    return _selfimprove.selfimprove(settings, out=out, resume=resume, workers=workers, json=json, paid=paid)


@app.command()
def resume(
    run: Run,
    evaluations: Evaluations = None,
    seconds: Seconds = None,
    cpu_seconds: CpuSeconds = None,
    tokens: Tokens = None,
    usd: Usd = None,
    workers: Workers = None,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Go on with a run, to its own total or to a larger one."""
    from shoal.cli import _run

    totals = {
        "evaluations": evaluations,
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "tokens": tokens,
        "usd": usd,
    }
    return _run.resume(run, totals, workers=workers, out=out, json=json)


@app.command()
def compare(
    tasks: Annotated[list[str], typer.Argument(metavar="TASK...", help="Tasks' names or folders.", show_default=False)],
    proposer: Annotated[
        list[str] | None,
        typer.Option(help="Two or more; the first is under test. NAME or NAME,KEY=VALUE,...", show_default=False),
    ] = None,
    seeds: Annotated[int, typer.Option(help="Runs of each proposer on each task, with seeds 0, 1, ...")] = 5,
    evaluations: Evaluations = None,
    cpu_seconds: CpuSeconds = None,
    tokens: Tokens = None,
    usd: Usd = None,
    longer: Annotated[
        int,
        typer.Option(metavar="TIMES", help="Run baselines with so many times the budget, too: for exchange rates."),
    ] = 1,
    models: Models = None,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="The folder for the runs and what they come to.")] = Path("compare"),
    json: AsJson = False,
) -> int:
    """Compare searches: same tasks, same seeds, same budget.

    Tests, exchange rates, curves. The same command goes on where it was cut off.
    """
    from shoal.cli import _compare

    return _compare.compare(
        tasks,
        proposer or [],
        seeds=seeds,
        budget={"evaluations": evaluations, "cpu_seconds": cpu_seconds, "tokens": tokens, "usd": usd},
        longer=longer,
        models=models,
        workers=workers,
        out=out,
        json=json,
    )


@app.command()
def stop(
    run: Annotated[
        str | None, typer.Argument(help="A run's id; the one that is running unless named.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Stop all runs of the folder, and let none begin.")] = False,
    clear: Annotated[bool, typer.Option("--clear", help="Take STOP files away, so that runs can go on.")] = False,
    out: Out = RUNS,
) -> int:
    """Stop a run, or all of them, by a STOP file.

    The run is saved and can be resumed. While a STOP file is there, nothing begins or goes on.
    """
    from shoal.cli import _stop

    return _stop.clear(run, out=out) if clear else _stop.stop(run, every=every, out=out)


@runs_app.callback(invoke_without_command=True)
def runs(context: typer.Context, out: Out = RUNS, json: AsJson = False) -> int:
    """List runs, oldest first; `shoal runs rm RUN` deletes one."""
    from shoal.cli import _runs

    return 0 if context.invoked_subcommand else _runs.listing(out, json=json)


@runs_app.command("rm")
def remove(run: Run, out: Out = RUNS) -> int:
    """Delete a run: its log, its programs, its report."""
    from shoal.cli import _runs

    return _runs.remove(run, out=out)


@app.command()
def show(
    run: Run,
    candidate: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A candidate's id, best, or initial.", show_default=False)
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Compare with this one, not the parent.", show_default=False)
    ] = None,
    source: Annotated[bool, typer.Option("--source", help="Print the program.")] = False,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Show what a run came to, or one candidate.

    A candidate comes with its lineage, and its diff against its parent.
    """
    from shoal.cli import _show

    if candidate is None and not source:
        return _show.overview(run, out=out, json=json)
    return _show.candidate(run, candidate or "best", against=against, source=source, out=out, json=json)


@app.command()
def evaluate(
    task: TaskName,
    program: Annotated[Path, typer.Argument(help="The program's file, or the folder of several.", show_default=False)],
    split: Annotated[str, typer.Option(help="search or validation.")] = "search",
    draw: Annotated[int, typer.Option(help="Another number, other seeds.")] = 0,
    json: AsJson = False,
) -> int:
    """Measure one program under a task's judge.

    In the sandbox, as in a run, but outside of any.
    """
    from shoal.cli import _tasks

    return _tasks.evaluate(task, program, split=split, draw=draw, json=json)


@app.command()
def check(
    task: TaskName,
    seed: Annotated[int, typer.Option(help="Seed of the instances that are drawn.")] = 0,
    seconds: Annotated[float, typer.Option(help="Start no further program after so many wall seconds.")] = 180.0,
    every: Annotated[bool, typer.Option("--all", help="Show what was found to be fine, too.")] = False,
    json: AsJson = False,
) -> int:
    """Try to fool a task's judge: does it hold?

    Hostile answers, attacks, repeats, other clocks, other orders; all in the sandbox.
    """
    from shoal.cli import _check_task

    return _check_task.check(task, seed=seed, seconds=seconds, every=every, json=json)


@app.command()
def replay(
    run: Run,
    rerun: Annotated[bool, typer.Option("--rerun", help="Draw and measure everything again.")] = False,
    workers: Workers = None,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Fold a run's log, or do the run again; compare."""
    from shoal.cli import _check

    return _check.rerun(run, workers=workers, out=out, json=json) if rerun else _check.replay(run, out=out, json=json)


@app.command()
def verify(
    run: Run,
    rescore: Annotated[
        bool, typer.Option("--rescore/--no-rescore", help="Measure champion and first program again.")
    ] = True,
    out: Out = RUNS,
    json: AsJson = False,
) -> int:
    """Check that a run's record holds together.

    Chain, end, order, digest, totals, seal, files, report, task, code; and the champion's score, measured again.
    """
    from shoal.cli import _check

    return _check.verify(run, rescore=rescore, out=out, json=json)


@app.command()
def held(run: Run, out: Out = RUNS, json: AsJson = False) -> int:
    """List the candidates that a run holds back.

    Each with the reason: a jump that was not shown twice, or a cheat in its lineage.
    """
    from shoal.cli import _held

    return _held.listing(run, out=out, json=json)


@app.command()
def release(
    run: Run,
    candidate: Annotated[str, typer.Argument(metavar="ID", help="A held candidate's id.", show_default=False)],
    out: Out = RUNS,
) -> int:
    """Let a held candidate go on; it is on the record."""
    from shoal.cli import _held

    return _held.release(run, candidate, out=out)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default=False)],
) -> int:
    """Write a small complete task to change into your own."""
    from shoal.cli import _tasks

    return _tasks.new(folder)


@app.command()
def convert(
    folder: Annotated[Path, typer.Argument(help="A task folder of ShinkaEvolve.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="A new or empty folder; FOLDER_converted unless set.", show_default=False)
    ] = None,
) -> int:
    """Give a ported task a judge of its own.

    Program and judge then run apart. What cannot be split so that the first program scores the same is left alone.
    """
    from shoal.cli import _tasks

    return _tasks.convert(folder, out=out)


@app.command()
def tasks(json: AsJson = False) -> int:
    """List the tasks there are."""
    from shoal.cli import _tasks

    return _tasks.listing(json=json)


@app.command()
def doctor(
    attack: Annotated[bool, typer.Option("--attack", help="Try every attack that is known; takes minutes.")] = False,
    json: AsJson = False,
) -> int:
    """Say what this machine can isolate, and how to get more.

    With --attack, prove it: the attack catalogue is run.
    """
    from shoal.cli import _attacks, _machine

    return _attacks.attack(json=json) if attack else _machine.doctor(json=json)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def bench(context: typer.Context) -> int:
    """Measure what a trial costs above itself.

    Runs benchmarks/overhead.py; needs the source tree.
    """
    from shoal.cli import _machine

    return _machine.bench(context.args)


@app.command("model-server")
def model_server(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Its port; 0 takes a free one.")] = 8808,
    model_name: Annotated[str, typer.Option(help="The name the model is listed by.")] = "embedded",
    seed: Annotated[int, typer.Option(help="Seed of the edits.")] = 0,
    json: AsJson = False,
) -> int:
    """Serve the embedded proposer as a chat model.

    For programs that want a language model: OpenAI's protocol, no key, no network, no GPU.
    """
    from shoal.cli import _serve

    return _serve.model_server(host=host, port=port, model=model_name, seed=seed, json=json)


@app.command()
def version() -> int:
    """Print the version."""
    import shoal

    print(shoal.__version__)
    return 0
