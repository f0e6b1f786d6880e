"""Playlists, tags and permission groups."""


def _track_key(track):
    artist = " ".join(track["artist"].casefold().split())
    title = " ".join(track["title"].casefold().split())
    return artist, title


def dedupe_playlist(tracks):
    """Drop later copies of a track from the list in place; returns how many went."""
    known = []
    write = 0
    for track in tracks:
        key = _track_key(track)
        if key in known:
            continue
        known.append(key)
        tracks[write] = track
        write += 1
    removed = len(tracks) - write
    del tracks[write:]
    return removed


def rank_tags(posts, minimum=1, limit=10):
    """The most used tags as (tag, uses), most used first, then by name."""
    all_tags = []
    for post in posts:
        if post.get("draft"):
            continue
        all_tags.extend(tag.strip().lower() for tag in post["tags"] if tag.strip())
    usage = {}
    for tag in all_tags:
        uses = all_tags.count(tag)
        if uses >= minimum:
            usage[tag] = uses
    ranked = sorted(usage.items(), key=lambda pair: (-pair[1], pair[0]))
    return ranked[:limit]


def _level(parents: dict[str, list[str]], group: str) -> int:
    above = parents.get(group) or []
    if not above:
        return 0
    return 1 + max(_level(parents, name) for name in above)


def group_levels(parents: dict[str, list[str]]) -> dict[int, list[str]]:
    """Groups by the length of their longest inheritance chain (no cycles)."""
    levels: dict[int, list[str]] = {}
    for group in sorted(parents):
        depth = _level(parents, group)
        if depth not in levels:
            levels[depth] = []
        levels[depth].append(group)
    return levels
