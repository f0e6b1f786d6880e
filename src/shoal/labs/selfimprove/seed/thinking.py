"""The other brain: a language model reads the task, says what to change, and is told what came of it."""

import json

RULES = (
    "You edit Python files. Make a general change, as small as does what is asked; write nothing for the tests shown. "
    'Answer with JSON alone: {"edits": [{"file": NAME, "find": TEXT THAT OCCURS ONCE, "replace": TEXT}]}.'
)


def think(task, tools):
    """Ask, edit, measure, and tell, until it is right or nothing is left."""
    best = files = task["files"]
    worth, told = value(task, tools, files)
    while worth < 1.0 and tools.left("ask") > 0:
        shown = "\n\n".join(f"### {name}\n{text}" for name, text in files.items())
        tests = json.dumps(task.get("visible", []))[:6000]
        files = edited(
            files, tools.ask(f"{RULES}\n\n# Task\n{task['statement']}\n\nVisible tests: {tests}\n\n{shown}\n\n{told}")
        )
        if tools.left("run_tests" if task["goal"] == "repair" else "score") < task.get("instances", 1):
            break
        now, told = value(task, tools, files)
        if now > worth:
            best, worth = files, now
        else:
            files = best
    return best


def value(task, tools, files):
    """What files are worth, 0 to 1 for a repair, and what to say of it."""
    if task["goal"] == "repair":
        report = tools.run_tests([files])[0]
        return sum(one["passed"] for one in report) / len(report), json.dumps([one["told"] for one in report])
    scores = tools.score(files, 0, task["instances"])
    return sum(scores) / len(scores), f"the score is now {scores}"


def edited(files, answer):
    """The files with the edits of an answer in them; edits that do not fit are left out."""
    changed = dict(files)
    try:
        for one in json.loads(answer[answer.index("{") : answer.rindex("}") + 1])["edits"]:
            if changed.get(one["file"], "").count(one["find"]) == 1:
                changed[one["file"]] = changed[one["file"]].replace(one["find"], one["replace"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return changed
