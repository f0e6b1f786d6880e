"""Calls that docstrings show: those of the function, of its module and of its neighbours, whatever they print."""

import os
import subprocess
import sys
from pathlib import Path

from shoal.behaviour import revive
from shoal.behaviour._record import FILE_VARIABLE

MODULE = '''"""Names.

>>> import own
>>> own.initials(["kai", "lea"])
'kl'
"""


def initials(names):
    """The first letters.

    >>> initials(["ann", "bob"])
    'something else'
    >>> initials(3)
    Traceback (most recent call last):
    TypeError: 'int' object is not iterable
    """
    return "".join(name[0] for name in names)


def shouted(names):
    """In capitals.

    >>> shouted(["dan"])
    'D'
    """
    return initials(names).upper()


def secret(names):
    """
    >>> print("never written")
    """


from shoal.behaviour._record import recorded as _recorded

initials = _recorded(initials)
'''


def test_the_examples_of_docstrings_are_recorded_and_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(MODULE)
    record = tmp_path / "record"
    environment = {**os.environ, FILE_VARIABLE: str(record), "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    argv = [sys.executable, "-P", "-m", "shoal.behaviour._documented", "own", "initials"]
    ran = subprocess.run(argv, env=environment, check=True, cwd=tmp_path, capture_output=True, text=True)
    assert ran.stdout == ran.stderr == ""
    from shoal.labs.evolve.improve._calls import _read

    entries = list(_read(record.read_bytes()))
    assert [revive(one["call"])[0] for one in entries] == [(["ann", "bob"],), (3,), (["kai", "lea"],), (["dan"],)]
    assert entries[0]["told"] == {"value": "ab"} and "raised" in entries[1]["told"]
