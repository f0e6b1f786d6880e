from works.settings import merge_settings, top_folders


def test_merge_settings():
    layers = [{"speed": 3, "lamp": True}, {}, {"speed": 5}, None, {"door": "open", "lamp": False}]
    assert merge_settings(layers) == {"speed": 5, "lamp": False, "door": "open"}


def test_merge_settings_keeps_layers():
    first = {"a": 1}
    merged = merge_settings([first, {"b": 2}])
    assert first == {"a": 1}
    assert list(merged) == ["a", "b"]


def test_merge_settings_empty():
    assert merge_settings([]) == {}
    only = {"a": 1}
    assert merge_settings([only]) is not only


def test_top_folders():
    folders = ["/data/logs", "/home/ann", "/data", "/home/anna", "/home/ann/mail/old", "/data/x/y"]
    assert top_folders(folders) == ["/home/ann", "/data", "/home/anna"]


def test_top_folders_keeps_doubles():
    assert top_folders(["a", "b", "a", "a/c"]) == ["a", "b", "a"]
    assert top_folders([]) == []


def test_top_folders_all_apart():
    assert top_folders(["x/y", "x/z", "w"]) == ["x/y", "x/z", "w"]
