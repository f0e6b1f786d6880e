from backoffice.library import dedupe_playlist, group_levels, rank_tags


def test_dedupe_playlist_in_place():
    tracks = [
        {"artist": "Blur", "title": "Song 2", "id": 1},
        {"artist": "Pulp", "title": "Common People", "id": 2},
        {"artist": " BLUR ", "title": "song  2", "id": 3},
        {"artist": "Blur", "title": "Girls & Boys", "id": 4},
    ]
    assert dedupe_playlist(tracks) == 1
    assert [t["id"] for t in tracks] == [1, 2, 4]


def test_dedupe_playlist_nothing_or_all():
    assert dedupe_playlist([]) == 0
    tracks = [{"artist": "A", "title": "b", "id": n} for n in range(4)]
    assert dedupe_playlist(tracks) == 3
    assert tracks == [{"artist": "A", "title": "b", "id": 0}]


POSTS = [
    {"tags": ["Python", "sql "]},
    {"tags": ["python", "etl", ""]},
    {"tags": ["sql", "python", "air"], "draft": False},
    {"tags": ["secret"], "draft": True},
]


def test_rank_tags():
    assert rank_tags(POSTS) == [("python", 3), ("sql", 2), ("air", 1), ("etl", 1)]


def test_rank_tags_minimum_and_limit():
    assert rank_tags(POSTS, minimum=2) == [("python", 3), ("sql", 2)]
    assert rank_tags(POSTS, limit=1) == [("python", 3)]
    assert rank_tags([]) == []


def test_group_levels():
    parents = {
        "staff": [],
        "editor": ["staff"],
        "publisher": ["editor", "staff"],
        "admin": ["publisher", "auditor"],
        "auditor": ["staff"],
    }
    assert group_levels(parents) == {
        3: ["admin"],
        1: ["auditor", "editor"],
        2: ["publisher"],
        0: ["staff"],
    }


def test_group_levels_unlisted_parent_and_empty():
    assert group_levels({"guest": ["everyone"]}) == {1: ["guest"]}
    assert group_levels({}) == {}
