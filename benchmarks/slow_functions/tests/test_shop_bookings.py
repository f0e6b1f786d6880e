from shop.bookings import peak_rentals


def test_peak_rentals():
    assert peak_rentals([(0, 60), (30, 90), (45, 50), (80, 120)]) == 3


def test_peak_rentals_back_to_back():
    assert peak_rentals([(60, 120), (0, 60), (120, 180)]) == 1


def test_peak_rentals_none():
    assert peak_rentals([]) == 0
