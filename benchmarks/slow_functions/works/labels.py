"""Labels on the shelves."""


def group_anagrams(words):
    """Words made of the same letters, together; groups in order of first word."""
    groups = []
    for word in words:
        letters = "".join(sorted(word.lower()))
        found = False
        for known, members in groups:
            if known == letters:
                members.append(word)
                found = True
                break
        if not found:
            groups.append((letters, [word]))
    return [members for _, members in groups]
