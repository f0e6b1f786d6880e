"""Tokens of a small expression language."""

import string
from collections import Counter

Token = tuple[str, str, int, int]
DIGITS = string.digits
NAME_START = string.ascii_letters + "_"
LONG_SIGNS = ("<=", ">=", "==", "!=", "&&", "||")
SIGNS = "+-*/%<>=!()[],.:"


class Scanner:
    """Goes over a text once and collects its tokens."""

    def __init__(self, text: str) -> None:
        self.tokens: list[Token] = []
        self.text = text
        self.line = 1
        self.line_start = 0

    def end_of_run(self, letters: str, position: int) -> int:
        while position < len(self.text) and self.text[position] in letters:
            position += 1
        return position

    def end_of_string(self, start: int) -> int:
        position = start + 1
        while position < len(self.text) and self.text[position] not in '"\n':
            escapes = self.text[position] == "\\" and self.text[position + 1 : position + 2] != "\n"
            position += 2 if escapes else 1
        if self.text[position : position + 1] != '"':
            raise ValueError(f"line {self.line}: a text is not closed")
        return position + 1

    def match(self, start: int) -> tuple[str, int]:
        """Find the kind and the end of the token that starts here."""
        letter = self.text[start]
        if letter in NAME_START:
            return "name", self.end_of_run(NAME_START + DIGITS, start)
        if letter in DIGITS:
            end = self.end_of_run(DIGITS, start)
            if self.text[end : end + 1] == ".":
                fraction = self.end_of_run(DIGITS, end + 1)
                end = fraction if fraction > end + 1 else end
            return "number", end
        if letter == '"':
            return "text", self.end_of_string(start)
        if self.text[start : start + 2] in LONG_SIGNS:
            return "sign", start + 2
        if letter not in SIGNS:
            raise ValueError(f"line {self.line}: unexpected {letter!r}")
        return "sign", start + 1

    def run(self) -> list[Token]:
        position = 0
        while position < len(self.text):
            letter = self.text[position]
            if letter == "#":
                position += len(self.text[position:].partition("\n")[0])
            elif letter in " \t\n":
                position += 1
                if letter == "\n":
                    self.line += 1
                    self.line_start = position
            else:
                kind, end = self.match(position)
                self.tokens.append((kind, self.text[position:end], self.line, position - self.line_start + 1))
                position = end
        return self.tokens


def scan(text: str) -> list[Token]:
    """List the tokens of a text."""
    return Scanner(text).run()


def count_kinds(texts: list[str]) -> dict[str, int]:
    """Count the tokens of each kind."""
    return dict(Counter(token[0] for text in texts for token in scan(text)))
