from works.sites import reachable_hosts

LINKS = [("gate", "hall"), ("hall", "lab"), ("store", "yard"), ("lab", "gate"),
         ("office", "lab"), ("yard", "dock")]


def test_reachable_hosts():
    assert reachable_hosts(LINKS, "gate") == ["hall", "lab", "office"]
    assert reachable_hosts(LINKS, "dock") == ["store", "yard"]


def test_reachable_hosts_unknown_start():
    assert reachable_hosts(LINKS, "moon") == []
    assert reachable_hosts([], "gate") == []


def test_reachable_hosts_self_link():
    assert reachable_hosts([("a", "a"), ("a", "b")], "a") == ["b"]
