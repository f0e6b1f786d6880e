"""Single changes of a text, which can be taken back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """At a position, one text takes the place of another."""

    position: int
    removed: str
    added: str

    def apply(self, text: str) -> str:
        return text[: self.position] + self.added + text[self.position + len(self.removed) :]

    def revert(self, text: str) -> str:
        return Edit(self.position, self.added, self.removed).apply(text)


def make_edit(text: str, command: list[int | str]) -> Edit:
    """Turn a command into an edit of a text."""
    match command:
        case ["insert", int(position), str(added)] if 0 <= position <= len(text):
            return Edit(position, "", added)
        case ["delete", int(first), int(last)] if 0 <= first < len(text) and first <= last:
            return Edit(first, text[first : last + 1], "")
        case ["replace", str(old), str(new)] if old:
            return Edit(0, text, text.replace(old, new))
    raise ValueError(f"command {command} does not fit the text")
