"""Morse code, as text and as sounds that take their time."""

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTER_CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.."
)
DIGITS = "0123456789"
DIGIT_CODES = "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
CODES = dict(zip(LETTERS + DIGITS, f"{LETTER_CODES} {DIGIT_CODES}".split(" "), strict=True))
CHARACTERS = {code: character for character, code in CODES.items()}
CODES |= {letter.lower(): CODES[letter] for letter in LETTERS}
DOT, DASH, LETTER_GAP, WORD_GAP = 1, 3, 3, 7


def code_words(text: str) -> list[list[str]]:
    """The codes of the characters of each word."""
    words = []
    for word in text.split():
        unknown = [character for character in word if character not in CODES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} has no code")
        words.append([CODES[character] for character in word])
    return words


def encode(text: str) -> str:
    """The code of a text, as dots and dashes."""
    return " / ".join(" ".join(codes) for codes in code_words(text))


def to_signal(text: str) -> list[int]:
    """Durations of sounds and silences."""
    signal: list[int] = []
    gap = 0
    for codes in code_words(text):
        for code in codes:
            for mark in code:
                if signal:
                    signal.append(gap)
                signal.append(DOT if mark == "." else DASH)
                gap = 1
            gap = LETTER_GAP
        gap = WORD_GAP
    return signal


def from_signal(durations: list[int]) -> str:
    """The text that durations stand for."""
    if not durations:
        return ""
    if len(durations) % 2 == 0 or min(durations) < 1:
        raise ValueError("a signal begins and ends with a sound")
    text = code = ""
    for index, duration in enumerate([*durations, WORD_GAP]):
        if index % 2 == 0:
            code += "." if duration < 2 else "-"
        elif duration >= 2:
            text += CHARACTERS.get(code, "?")
            code = ""
            if duration >= 5:
                text += " "
    return text.rstrip()


def busiest(texts: list[str]) -> str:
    """The text that takes longest to send."""
    if not texts:
        raise ValueError("no texts")
    return max(texts, key=lambda text: sum(to_signal(text)))
