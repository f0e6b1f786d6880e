"""Runs tests on programs, for tests of the benchmark: a plain process, whose children end with their limits.

A line of JSON per job in and out: {"files": {...}, "tests": [...], "seconds": 1.0} becomes a list with, for each test,
{"value": ...}, {"raised": "ValueError"} or {"ended": false}.
"""

import contextlib
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys


class Late(BaseException):
    pass


class Files(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports from a dictionary of texts."""

    def __init__(self, files):
        self.codes = {}
        for name, text in files.items():
            if name.endswith(".py"):
                self.codes[name.removesuffix(".py").replace("/", ".")] = compile(text, name, "exec", dont_inherit=True)

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_loader(name, self) if name in self.codes else None

    def exec_module(self, module):
        exec(self.codes[module.__name__], module.__dict__)

    def call(self, what, arguments):
        module, _, function = what.partition(":")
        return getattr(importlib.import_module(module), function)(*arguments)


def plain(value):
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key that is no text")
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if not isinstance(value, str | int | float | None):
        raise TypeError("no JSON")
    return value


def late(*_):
    raise Late


def outcome(files, test, seconds):
    for name in files.codes:
        sys.modules.pop(name, None)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        for what, arguments in test.get("before", ()):
            with contextlib.suppress(Exception):
                files.call(what, arguments)
        value = files.call(test["call"], test["arguments"])
        return {"value": plain(value)}
    except Exception as error:
        return {"raised": type(error).__name__}
    except Late:
        return {"ended": False}
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def work(job, out):
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 29, 1 << 29))
    signal.signal(signal.SIGVTALRM, late)
    told = []
    try:
        files = Files(job["files"])
        sys.meta_path.insert(0, files)
        for test in job["tests"]:
            told.append(outcome(files, test, job["seconds"]) if {"ended": False} not in told else {"ended": False})
        text = json.dumps(told)
    except BaseException:
        text = json.dumps([{"ended": False}] * len(job["tests"]))
    with os.fdopen(out, "w") as stream:
        stream.write(text)


def main():
    for line in sys.stdin:
        job = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            with open(os.devnull, "w") as sys.stdout:
                work(job, writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as stream:
            text = stream.read()
        os.waitpid(child, 0)
        sys.stdout.write((text or json.dumps([{"ended": False}] * len(job["tests"]))) + "\n")
        sys.stdout.flush()


main()
