"""Completion of words from a prefix tree."""

from collections.abc import Iterator


class Node:
    """One position in the tree: how often a word ends here, how many words pass, and what follows."""

    def __init__(self) -> None:
        self.children: dict[str, Node] = {}
        self.weight = 0
        self.passing = 0

    def insert(self, word: str) -> None:
        """Add a word; a new one is counted on its whole way."""
        if not word or "?" in word:
            raise ValueError(f"{word!r} is not a word")
        way = [self]
        for letter in word:
            way.append(way[-1].children.setdefault(letter, Node()))
        way[-1].weight += 1
        if way[-1].weight == 1:
            for node in way:
                node.passing += 1

    def words(self, query: str, prefix: str = "") -> Iterator[tuple[int, str]]:
        """Weight and text of the words below this node that match the query."""
        if not query and self.weight:
            yield self.weight, prefix
        for letter, child in self.children.items():
            if query[:1] in ("", "?", letter):
                yield from child.words(query[1:], prefix + letter)


def build(words: list[str]) -> Node:
    """The tree of all words."""
    root = Node()
    for word in words:
        root.insert(word)
    return root


def complete(words: list[str], queries: list[str], limit: int = 3) -> list[list[str]]:
    """The heaviest matches of each query."""
    if limit < 1:
        raise ValueError(f"limit {limit} is below 1")
    root = build(words)
    answers = []
    for query in queries:
        found = sorted(root.words(query), key=lambda match: (-match[0], match[1]))
        answers.append([word for _, word in found[:limit]])
    return answers


def shortest_unique(words: list[str]) -> dict[str, str]:
    """The shortest prefix that tells each word from all others."""
    root = build(words)
    prefixes = {}
    for word in sorted(set(words)):
        node, length = root, 0
        while length < len(word) and (node.passing > 1 or length == 0):
            node = node.children[word[length]]
            length += 1
        prefixes[word] = word[:length]
    return prefixes
