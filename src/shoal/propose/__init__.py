"""Proposers: embedded edits made by a jailed editor, with no model, no network and no GPU; and models' replies."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shoal.propose._client import Editor
    from shoal.propose._embedded import (
        EmbeddedProposer,
        InitialProposer,
        InspectService,
        Mutable,
        frozen_hash,
        intents_of,
    )
    from shoal.propose._lessons import LessonsService, first_question
    from shoal.propose._model import ModelProposer
    from shoal.propose._novelty import Novelty
    from shoal.propose._prompt import LEARNT, Assignment, fresh_word, prompt, summary
    from shoal.propose._writer import Contract, Writer, first_prompt

__all__ = [
    "LEARNT",
    "Assignment",
    "Contract",
    "Editor",
    "EmbeddedProposer",
    "InitialProposer",
    "InspectService",
    "LessonsService",
    "ModelProposer",
    "Mutable",
    "Novelty",
    "Writer",
    "first_prompt",
    "first_question",
    "fresh_word",
    "frozen_hash",
    "intents_of",
    "prompt",
    "summary",
]

_WHERE = {
    "Editor": "_client",
    **dict.fromkeys(("LessonsService", "first_question"), "_lessons"),
    "ModelProposer": "_model",
    "Novelty": "_novelty",
    **dict.fromkeys(("LEARNT", "Assignment", "fresh_word", "prompt", "summary"), "_prompt"),
    **dict.fromkeys(("Contract", "Writer", "first_prompt"), "_writer"),
}


def __getattr__(name: str) -> Any:
    # Lazy: the editor's own modules live here too and must stay light inside its jail.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE.get(name, '_embedded')}"), name)
