"""After the run: what the champion's text does that the initial program's does not, put on the record as evidence."""

from __future__ import annotations

from typing import Any

from shoal.core.journal import Journal
from shoal.core.protocols import Store
from shoal.core.values import CandidateId
from shoal.propose import Editor, Mutable, intents_of
from shoal.report import RunView

__all__ = ["note_intents"]

MOST = 20


async def note_intents(editor: Editor, mutable: Mutable, store: Store, journal: Journal, view: RunView) -> None:
    """Add a note of kind "intents" with the difference, by kind and sentence, where it is news to ``view``."""
    champion, initial = view.champion, view.initial
    if champion is None or initial is None or champion == initial:
        return
    known = {_key(one) for one in await _intents(editor, mutable, store, view, initial)}
    new = [one for one in await _intents(editor, mutable, store, view, champion) if _key(one) not in known][:MOST]
    if new != view.intents:
        told = (
            f"the text of {champion} does {len(new)} things that the first program's does not, for a person to look at"
        )
        journal.add("note", kind="intents", text=told, data=new)


async def _intents(
    editor: Editor, mutable: Mutable, store: Store, view: RunView, candidate: CandidateId
) -> list[dict[str, Any]]:
    files = {name: store.get(digest) for name, digest in view.candidates[candidate].files.items()}
    return await intents_of(editor, mutable, files)


def _key(intent: dict[str, Any]) -> tuple[str, str]:
    return intent["kind"], intent["what"]
