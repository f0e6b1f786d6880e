from everyday.network import stops_from

TRACKS = [("Aach", "Bonn"), ("Bonn", "Celle"), ("Dorn", "Celle"),
          ("Aach", "Dorn"), ("Essen", "Fulda")]


def test_hops():
    assert stops_from("Aach", TRACKS) == {"Aach": 0, "Bonn": 1, "Dorn": 1, "Celle": 2}


def test_order_is_by_discovery():
    assert list(stops_from("Celle", TRACKS)) == ["Celle", "Bonn", "Dorn", "Aach"]


def test_loop_and_double_track():
    assert stops_from("x", [("x", "x"), ("x", "y"), ("y", "x")]) == {"x": 0, "y": 1}


def test_lonely_station():
    assert stops_from("Nowhere", TRACKS) == {"Nowhere": 0}
