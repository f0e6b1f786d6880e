"""The other brain: a language model reads the task, says what to change, and is told what came of each try."""

import re
from contextlib import suppress
from itertools import zip_longest

RULES = """You edit Python files. Make one general change, as small as does what is asked, never for the tests alone.
Say in one sentence what is wrong, then answer with one or more blocks of this form:
FILE name.py\n<<<<<<< SEARCH\nlines exactly as they stand, in one place only
=======\nlines in their place\n>>>>>>> REPLACE"""
BLOCK = re.compile(r"^FILE (\S+)\n<<<<<<< SEARCH\n(.*?)^=======\n(.*?)^>>>>>>> REPLACE", re.M | re.S)


def think(task, tools):
    """Ask, edit, measure, tell: the best files, and whether all is done."""
    best, (worth, told), tries = task["files"], value(task, tools, task["files"]), []
    with suppress(Exception):  # a tool says so when nothing is left of it
        while told and tools.left("ask") > 0:
            shown = "\n".join(f"### FILE {name}\n{text}" for name, text in best.items())
            tried, now = "\n\n".join(tries[-3:]), f"# What fails now\n{told}"
            answer = tools.ask(f"{RULES}\n\n# Task\n{task['statement']}\n\n{now}\n\n{tried}\n\n# Files\n{shown}")
            files, wrong = edited(best, answer)
            new, then = (worth, f"nothing: {wrong}") if wrong else value(task, tools, files)
            tries.append(f"# Your answer {'helped' if new > worth else 'was undone'}\n{answer[:2000]}\nIt gave {then}")
            if new > worth:
                best, worth, told = files, new, then
    return best, not told


def value(task, tools, files):
    """What files are worth, and what to say of it: nothing where all is done."""
    if task["goal"] == "optimise":
        scores = tools.score(files, 0, task["instances"])
        return sum(scores), f"the score {sum(scores):.2f}, task by task {scores}"
    pairs = zip_longest(task["visible"], tools.run_tests([files])[0], fillvalue="the last test")
    failed = [f"{test}: {one['told']}" for test, one in pairs if not one["passed"]]
    return -len(failed), "\n".join(failed[:9])[:4000]


def edited(files, answer):
    """The files with the blocks of an answer in them, and what is wrong with it."""
    blocks, files = BLOCK.findall(answer), dict(files)
    for name, old, new in blocks:
        if files.get(name, "").count(old) != 1 or not old:
            return files, f"{old[:200]!r} stands {files.get(name, '').count(old)} times in {name}"
        files[name] = files[name].replace(old, new)
    return files, "" if blocks else "there is no block in it"
