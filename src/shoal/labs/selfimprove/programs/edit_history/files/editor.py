"""A text that is edited by commands, with undo and redo."""

from edits import Edit, make_edit


class Editor:
    """A text, the steps that led to it and those that were taken back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.done: list[Edit] = []
        self.undone: list[Edit] = []

    def change(self, edit: Edit) -> None:
        if edit.removed != edit.added:
            self.text = edit.apply(self.text)
            self.done.append(edit)
            self.undone = []

    def undo(self, steps: int) -> None:
        for _ in range(min(steps, len(self.done))):
            edit = self.done.pop()
            self.text = edit.revert(self.text)
            self.undone.append(edit)

    def redo(self, steps: int) -> None:
        for _ in range(min(steps, len(self.undone))):
            edit = self.undone.pop()
            self.text = edit.apply(self.text)
            self.done.append(edit)


def run(text: str, commands: list[list[int | str]]) -> list[str]:
    """Make commands on a text and list the text after each of them."""
    editor = Editor(text)
    texts = []
    for command in commands:
        match command:
            case ["undo"]:
                editor.undo(1)
            case ["undo", int(steps)] if steps >= 1:
                editor.undo(steps)
            case ["redo"]:
                editor.redo(1)
            case ["redo", int(steps)] if steps >= 1:
                editor.redo(steps)
            case _:
                editor.change(make_edit(editor.text, command))
        texts.append(editor.text)
    return texts
