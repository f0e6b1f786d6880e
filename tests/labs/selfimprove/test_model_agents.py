"""Agents that ask a language model: whole studies over HTTP; what goes wrong, caps, records, replays, secrets."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import shoal
from shoal.core.errors import MachineryError, UserError
from shoal.labs.selfimprove import StudyConfig, go_on
from shoal.labs.selfimprove._transcripts import read_transcript
from shoal.models import Member
from shoal.report import RunView, audit
from shoal.store import RunFolder
from shoal.testing import Faults, ModelServer, Reply

from .asking import CARE, SMALL, Watcher, block, careful, digest_of, reading, study, table, write_bench

PLANTED = "sk-nobody-may-see-this-4711"
RUN = "full-0"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_bench(tmp_path_factory.mktemp("bench"))


def write_agent(place: Path, repair: str, *, optimise: str = "return task['files']") -> Path:
    """An agent of one file, with these two bodies."""
    place.mkdir(parents=True)
    bodies = [text.replace("\n", "\n        ") for text in (repair, optimise)]
    (place / "agent.py").write_text(
        f"def work(task, tools):\n    if task['goal'] == 'repair':\n        {bodies[0]}\n"
        f"    else:\n        {bodies[1]}\n"
    )
    return place


# -- a whole study --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def improved(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Any, ModelServer]]:
    """A study in which the model improves the agent, and the server that it asked; a key is planted meanwhile."""
    place = tmp_path_factory.mktemp("study")
    os.environ["TINY_KEY"] = PLANTED
    try:
        with ModelServer(careful) as server:
            models = [table(server, key="TINY_KEY")]
            folder, told = study(place / "runs", bench=bench, models=models, rule="greedy")
            yield folder, told, server
    finally:
        del os.environ["TINY_KEY"]


def test_an_agent_improves_its_own_source_with_a_model(improved: tuple[Path, Any, ModelServer]) -> None:
    folder, told, server = improved
    assert (told.curve[0].rate, told.curve[-1].rate) == (0.0, 1.0)
    assert CARE in told.by_id[told.champion].diff
    asked = [one.messages[1][1] for one in server.asked]
    modified = [text for text in asked if "### FILE thinking.py" in text]
    assert modified and all("What the host saw of it lately" in text for text in modified)
    assert any("task by task" in text for text in modified), "the score goes into the prompt"
    assert any("# Your answer was undone" in text for text in asked), "what came of an answer goes into the next prompt"
    with reading(folder / RUN) as (_, events):
        assert sum(one["type"] == "asked" for one in events) == len(asked)
        kinds = [one["type"] for one in events if one["type"] in ("asked", "replied")]
        assert kinds.count("asked") == kinds.count("replied")


def test_what_a_study_spent_is_what_the_server_billed(improved: tuple[Path, Any, ModelServer]) -> None:
    folder, told, server = improved
    with reading(folder / RUN) as (store, events):
        billed = [json.loads(store.get(one["reply"]))["counted"] for one in events if one["type"] == "replied"]
    assert len(billed) == server.served
    assert told.cost.tokens == sum(one["tokens"] for one in billed)
    assert told.cost.model_usd == pytest.approx(sum(one["usd"] for one in billed))
    report = json.loads((folder / "report" / "report.json").read_text())
    assert report["cost"]["tokens"] == told.cost.tokens


def test_every_node_lists_what_the_host_saw_of_it(improved: tuple[Path, Any, ModelServer]) -> None:
    folder, told, _ = improved
    report = json.loads((folder / "report" / "report.json").read_text())
    with reading(folder / RUN) as (store, _):
        for node in report["nodes"]:
            seen = [one for digest in node["transcripts"] for one in read_transcript(store, digest)]
            tools = {call["tool"] for one in seen for call in one["calls"]}
            assert tools == ({"run_tests", "ask"} if node["parent"] is None else {"run_tests", "ask", "score"})
            solved = sum(one["solved"] for one in seen if "solved" in one and "agent" not in one)
            assert solved >= node["solved"]
    assert told.champion in {node["id"] for node in report["nodes"] if node["transcripts"]}


def test_a_replay_comes_to_the_same_digest_and_asks_nobody(
    improved: tuple[Path, Any, ModelServer], bench: Path, tmp_path: Path
) -> None:
    folder, told, server = improved
    asked = len(server.asked)
    again, other = study(
        tmp_path, bench=bench, models=[table(server, key="TINY_KEY")], rule="greedy", replay_models=folder, workers=1
    )
    assert len(server.asked) == asked
    assert digest_of(again / RUN) == digest_of(folder / RUN)
    assert other is not None
    assert [point.rate for point in other.curve] == [point.rate for point in told.curve]
    with pytest.raises(UserError, match=r"has no reply|something else than in run"):
        study(tmp_path, bench=bench, models=[table(server)], rule="greedy", replay_models=folder, asks=1)
    with pytest.raises(UserError, match="has no run full-7: replay with the arms and seeds of that study"):
        study(tmp_path, bench=bench, models=[table(server)], rule="greedy", replay_models=folder, seeds=(7,))


def test_a_key_goes_to_its_server_and_nowhere_else(improved: tuple[Path, Any, ModelServer]) -> None:
    folder, _, server = improved
    assert {one.headers["authorization"] for one in server.asked} == {f"Bearer {PLANTED}"}
    assert not any(PLANTED.encode() in body for body in server.bodies)
    assert PLANTED.encode() not in b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


# -- hostile agents -------------------------------------------------------------------------------------------------

SPY = """import os
found = [repr(dict(os.environ))]
for name in ("/proc/self/environ", "/proc/1/environ", f"/proc/{os.getppid()}/environ"):
    try:
        found.append(open(name, "rb").read().decode(errors="replace"))
    except OSError as error:
        found.append(str(error))
tools.ask("SEEN " + " ".join(found) + "x" * 100_000)
raise ValueError(" ".join(found))"""


def test_an_agent_finds_no_key_and_its_prompt_is_cut_and_stays_the_users(
    bench: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINY_KEY", PLANTED)
    seed = write_agent(tmp_path / "agent", SPY)
    with ModelServer(lambda asked: "no") as server:
        with pytest.raises(UserError, match="the seed agent repairs nothing"):
            study(tmp_path / "runs", bench=bench, models=[table(server, key="TINY_KEY")], agent=seed)
        assert len(server.asked) == 4
        for one in server.asked:
            (role, system), (other, user) = one.messages
            assert (role, other) == ("system", "user")
            assert "SEEN" not in system and user.startswith("SEEN {")
            assert len(system.encode()) + len(user.encode()) <= 32_000
        assert not any(PLANTED.encode() in body for body in server.bodies)
    written = b"".join(one.read_bytes() for one in (tmp_path / "runs").rglob("*") if one.is_file())
    assert b"ValueError: {" in written
    assert PLANTED.encode() not in written


FORGED = """for _ in range(9):
    try:
        tools.ask("one more")
    except Exception:
        pass
    tools._left["ask"] = 99
claims = 'CALLS = [{"tool": "run_tests", "count": 1, "answered": "all passed"}]\\nSOLVED = True\\n'
tools._stream.send({"files": {"double.py": claims + task["files"]["double.py"]}, "solved": True, "calls": [{"tool": "score", "count": 9}]})
import os
os._exit(0)"""  # noqa: E501


def test_calls_beyond_the_budget_and_forged_transcripts_count_for_nothing(bench: Path, tmp_path: Path) -> None:
    seed = write_agent(tmp_path / "agent", FORGED.replace("range(9)", "range(3)"))
    with ModelServer(lambda asked: "All tests passed.") as server:
        folder, told = study(
            tmp_path / "runs", bench=bench, models=[table(server)], agent=seed, evaluations=8, rule="greedy"
        )
        assert told is not None
        assert (told.curve[-1].rate, told.nodes[0].solved, told.nodes[0].tried) == (0.0, 0, 4)
        with reading(folder / RUN) as (store, events):
            seen = [one for digest in told.nodes[0].transcripts for one in read_transcript(store, digest)]
            calls = sum(one["type"] == "asked" for one in events)
    assert all([call["tool"] for call in one["calls"]] == ["ask", "ask"] for one in seen)
    assert not any(one["solved"] for one in seen)
    assert len(server.asked) == calls == 2 * len(seen)


def test_an_agent_that_goes_on_asking_is_ended(bench: Path, tmp_path: Path) -> None:
    seed = write_agent(tmp_path / "agent", FORGED)
    with (
        ModelServer(lambda asked: "no") as server,
        pytest.raises(UserError, match="went on calling ask without a budget for it"),
    ):
        study(tmp_path / "runs", bench=bench, models=[table(server)], agent=seed)
    assert len(server.asked) == 8


# -- money ----------------------------------------------------------------------------------------------------------


def test_dollars_are_a_cap_for_runs_and_looks_together(bench: Path, tmp_path: Path) -> None:
    """Calls that cost nearly as much as they can, 0.0332 dollars of 0.0334."""
    with ModelServer(lambda asked: Reply(careful(asked), prompt_tokens=32_000, completion_tokens=600)) as server:
        settings: dict[str, Any] = {"bench": bench, "models": [table(server)], "rule": "greedy", "evaluations": 400}
        with pytest.raises(
            UserError, match=r"usd 0.1 is too little: one step of a run may cost .* give --usd 5\.35, or"
        ):
            study(tmp_path / "less", **{**settings, "usd": 0.1})
        assert not server.asked
        folder, told = study(tmp_path / "runs", **{**settings, "usd": 5.35})
        assert told is not None
        paid = 0.0332 * len(server.asked)
    assert paid <= 5.35
    assert told.cost.model_usd == pytest.approx(paid)
    with reading(folder / RUN) as (store, _):
        view = RunView.read(store, RUN)
        assert view.reason.startswith("budget: usd")
        assert view.spent.counted.usd <= 0.7 * 5.35
        assert audit(store, RUN, manifest=view.about["manifest"]).ok


def test_a_look_ends_where_its_money_does(tmp_path: Path) -> None:
    """Tasks that cost 4,032 tokens each and could cost 4,432; 310,240 are left for 3 canaries and 80 of them."""
    bench = write_bench(tmp_path / "bench", sealed=80)
    seed = write_agent(tmp_path / "agent", "tools.ask('one'); tools.ask('two')\nreturn task['files']")
    with ModelServer(lambda asked: Reply("no", prompt_tokens=2_000, completion_tokens=16)) as server:
        config: dict[str, Any] = {"bench": bench, "models": [table(server, max_tokens=16, prompt_bytes=2_000)]}
        config |= {"agent": seed, "rule": "greedy", "evaluations": 4, "usd": None, "steps": 1, "score_tasks": 1}
        folder, told = study(tmp_path / "runs", **config, sealed=80, tokens=11 * 4_032 + 310_240)
        assert told is not None
        assert len(server.asked) == 2 * (4 + 3 + 4 + 3 + 73), (
            "search, validation, sealed, each of the last two after canaries"
        )
    with reading(folder / RUN) as (_, events):
        canaries, look = [one["outcome"] for one in events if one["type"] == "look"]
    assert [one["index"] for one in look["per_instance"]] == list(range(73))
    assert [one["index"] for one in canaries["per_instance"]] == [6, 7, 8]
    assert told.cost.tokens == 87 * 4_032


def test_faults_end_below_the_cap_and_replay(bench: Path, tmp_path: Path) -> None:
    storm = Faults(rate_limited=0.15, server_error=0.1, malformed=0.15, hang=0.1, cut_connection=0.05, no_usage=0.05)
    with ModelServer(careful, faults=storm, seed=3) as server:
        models = [table(server, deadline=1.5, concurrency=16)]
        settings: dict[str, Any] = {"bench": bench, "models": models, "rule": "greedy", "evaluations": 30, "usd": 6.0}
        folder, told = study(tmp_path / "runs", **settings)
        again, _ = study(tmp_path / "again", **settings, replay_models=folder)
    assert told is not None
    assert told.cost.model_usd <= 6.0
    assert digest_of(again / RUN) == digest_of(folder / RUN)


def test_a_model_that_never_answers_stops_the_study_with_its_first_error(bench: Path, tmp_path: Path) -> None:
    with ModelServer(careful, faults=Faults(server_error=1.0)) as server:
        models = [table(server, deadline=0.5, price="free")]
        with pytest.raises(MachineryError, match="20 calls in a row got no answer, the first: HTTP 50"):
            study(tmp_path, bench=bench, models=models, rule="greedy", usd=None, evaluations=400)


def test_an_endpoint_that_is_not_there_is_an_error_before_anything_is_run(bench: Path, tmp_path: Path) -> None:
    with ModelServer(careful) as server:
        models = [table(server)]
    with pytest.raises(UserError, match="cannot be reached"):
        study(tmp_path, bench=bench, models=models)
    with pytest.raises(ValueError, match="usd is for models, and there are none: name them with --models FILE"):
        StudyConfig(usd=1.0)
    with pytest.raises(ValueError, match="no model is called 'big'; there are tiny"):
        StudyConfig(models=tuple(map(Member.model_validate, models)), model="big")


# -- cut off --------------------------------------------------------------------------------------------------------


@pytest.mark.timeout(240)
@pytest.mark.parametrize("price", ["free", {"in": 1.0, "out": 2.0}], ids=["free", "paid"])
def test_after_a_kill_no_call_is_paid_twice(bench: Path, tmp_path: Path, price: Any) -> None:
    repair = f"""answer = tools.ask("{CARE}")
return task["files"] if not answer else {{name: answer for name in task["files"]}}"""
    seed = write_agent(tmp_path / "agent", repair, optimise="tools.score(task['files'], 0, 3)\nreturn task['files']")
    settings: dict[str, Any] = {
        **SMALL,
        "bench": str(bench),
        "agent": str(seed),
        "rule": "dgm",
        "evaluations": 40,
        "steps": 1,
    }
    with ModelServer(lambda asked: "def double(x):\n    return x + x\n", latency=(0.1, 0.5)) as server:
        settings["models"] = [table(server, price=price, concurrency=2)]
        script = f"""
import asyncio, json
from pathlib import Path
from tests.labs.selfimprove.asking import study
study(Path({str(tmp_path / "runs")!r}), **json.loads({json.dumps(settings)!r}))
"""
        environment = {**os.environ, "PYTHONPATH": f"{Path(shoal.__file__).parents[1]}:{Path(__file__).parents[3]}"}
        process = subprocess.Popen([sys.executable, "-c", script], env=environment, start_new_session=True)
        end = time.monotonic() + 90
        while time.monotonic() < end and len(server.asked) < 6:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        folder = next((tmp_path / "runs").iterdir())
        told = asyncio.run(go_on(folder, stop=Watcher().stop, watch=Watcher()))
        made = len(server.asked)
        assert told is not None
        again, _ = study(tmp_path / "again", **settings, replay_models=folder)
    assert digest_of(again / RUN) == digest_of(folder / RUN)
    with reading(folder / RUN) as (store, events):
        calls = [(one["k"], one["n"]) for one in events if one["type"] == "asked"]
        replied = [(one["k"], one["n"]) for one in events if one["type"] == "replied"]
        assert RunView.read(store, RUN).sittings == 2
    if price == "free":
        assert set(calls) == set(replied), "a free call that was cut off is made again"
    else:
        assert made <= len(calls) == len(set(calls)), "each call is made once, by one sitting"
        assert len(replied) < len(calls), "what was cut off counts as its most"
        assert told.cost.model_usd > 0.0


def test_a_study_that_was_stopped_goes_on_to_a_new_total(bench: Path, tmp_path: Path) -> None:
    watch = Watcher(after=2)
    with ModelServer(careful) as server:
        folder, told = study(tmp_path, watch, bench=bench, models=[table(server)], rule="greedy", evaluations=30)
        assert told is None
        told = asyncio.run(go_on(folder, stop=Watcher().stop, watch=Watcher(), usd=30.0))
    assert told is not None
    assert json.loads((folder / "study.json").read_text())["usd"] == 30.0
    with reading(RunFolder(folder / RUN).path) as (_, events):
        assert events[-1]["type"] == "closed"


def test_an_answer_of_several_blocks_and_one_that_does_not_fit() -> None:
    """The seed agent's own reading of answers, outside of its jail: it is plain Python."""
    from importlib import util

    from shoal.labs.selfimprove._lab import SEED_AGENT

    spec = util.spec_from_file_location("thinking_of_the_seed", SEED_AGENT / "thinking.py")
    assert spec is not None and spec.loader is not None
    thinking = util.module_from_spec(spec)
    spec.loader.exec_module(thinking)
    files = {"a.py": "x = 1\ny = 2\n", "b.py": "z = 3\n"}
    both = block("a.py", "x = 1", "x = 5") + block("b.py", "z = 3", "")
    assert thinking.edited(files, both) == ({"a.py": "x = 5\ny = 2\n", "b.py": "\n"}, "")
    assert thinking.edited(files, "nothing")[1] == "there is no block in it"
    assert thinking.edited(files, block("a.py", "x = 9", "x"))[1] == "'x = 9\\n' stands 0 times in a.py"
    assert files["a.py"] == "x = 1\ny = 2\n"
