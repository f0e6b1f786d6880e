import pytest

from everyday.library import fines_by_member


def test_fines_are_summed():
    loans = [
        {"member": "Kim", "due": "28.02.2024"},
        {"member": "Lee", "due": "05.03.2024"},
        {"member": "Kim", "due": "01.03.2024"},
    ]
    assert fines_by_member(loans, "02.03.2024") == {"Kim": 3 * 20 + 20}


def test_fine_is_capped_for_each_book():
    loans = [{"member": "Kim", "due": "01.01.2023"}, {"member": "Kim", "due": "01.01.2023"}]
    assert fines_by_member(loans, "01.01.2024") == {"Kim": 2000}


def test_due_today_is_not_late():
    assert fines_by_member([{"member": "Lee", "due": "1.3.2024"}], "01.03.2024") == {}
    assert fines_by_member([], "01.03.2024") == {}


def test_bad_date():
    with pytest.raises(ValueError):
        fines_by_member([{"member": "Lee", "due": "2024-03-01"}], "01.03.2024")
