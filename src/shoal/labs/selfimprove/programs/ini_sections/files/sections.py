"""Configuration text in sections, which may inherit from one another."""

Sections = dict[str, dict[str, str]]
FLAGS = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


def _open(sections: Sections, heading: str) -> dict[str, str]:
    """Find or make the section that a heading names."""
    name, colon, parent = (part.strip() for part in heading.partition(":"))
    if not name:
        raise ValueError("a section has no name")
    if not colon:
        return sections.setdefault(name, {})
    if parent not in sections or name in sections:
        raise ValueError(f"section {name!r} cannot inherit from {parent!r}")
    sections[name] = dict(sections[parent])
    return sections[name]


def parse(text: str) -> Sections:
    """Read sections of keys and values."""
    sections: Sections = {}
    current: dict[str, str] | None = None
    last_key = ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line[0] in "#;":
            last_key = ""
        elif last_key and current is not None and raw[0] in " \t":
            current[last_key] += "\n" + line
        elif line[0] == "[" and line[-1] == "]":
            current = _open(sections, line[1:-1])
            last_key = ""
        else:
            key, sign, value = (part.strip() for part in line.partition("="))
            if not key or not sign or current is None:
                raise ValueError(f"line {number}: {line!r} is not key = value in a section")
            current[key] = value
            last_key = key
    return sections


def flag(text: str, section: str, key: str, default: bool = False) -> bool:
    """Read a key that is on or off."""
    value = parse(text).get(section, {}).get(key)
    if value is None:
        return default
    if value.lower() not in FLAGS:
        raise ValueError(f"{section}.{key} is {value!r}, neither yes nor no")
    return FLAGS[value.lower()]
