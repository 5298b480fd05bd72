from __future__ import annotations

import pytest

from einklang.facts.people import names


@pytest.mark.parametrize(
    ("salutation", "title", "german", "english"),
    [
        ("Frau", "Dr. med.", "Dr. Albrecht", "Dr Albrecht"),
        ("Frau", "Prof. Dr. med.", "Prof. Albrecht", "Professor Albrecht"),
        ("Frau", "", "Frau Albrecht", "Ms Albrecht"),
        ("Herr", "", "Herr Albrecht", "Mr Albrecht"),
        ("", "", "Albrecht", "Albrecht"),
    ],
)
def test_the_short_name_carries_the_highest_title(salutation: str, title: str, german: str, english: str) -> None:
    assert names.short_name(salutation, title, "Albrecht") == german
    assert names.short_name(salutation, title, "Albrecht", "en") == english


@pytest.mark.parametrize(
    ("salutation", "title", "german", "english"),
    [
        ("Frau", "Dr. med.", "Sehr geehrte Frau Dr. Albrecht", "Dear Dr Albrecht"),
        ("Herr", "", "Sehr geehrter Herr Albrecht", "Dear Mr Albrecht"),
        ("", "", "Guten Tag Kim Albrecht", "Dear Kim Albrecht"),
    ],
)
def test_a_letter_opens_formally(salutation: str, title: str, german: str, english: str) -> None:
    assert names.greeting(salutation, title, "Kim", "Albrecht") == german
    assert names.greeting(salutation, title, "Kim", "Albrecht", "en") == english


def test_the_display_name_has_all_parts() -> None:
    assert names.display_name("Dr. med.", "Miriam", "Albrecht") == "Dr. med. Miriam Albrecht"
    assert names.display_name("", "Petra", "Lorenz") == "Petra Lorenz"


def test_names_sort_as_in_a_german_telephone_book() -> None:
    people = [
        ("Özdemir", "Ali"),
        ("Oetker", "Zoe"),
        ("Strauß", "Eva"),
        ("Strausz", "Ina"),
        ("Mueller", "B"),
        ("Müller", "A"),
    ]
    keys = sorted(names.sort_key(*person) for person in people)
    assert keys == ["mueller a", "mueller b", "oetker zoe", "oezdemir ali", "strauss eva", "strausz ina"]


def test_accents_do_not_count_and_spaces_are_one() -> None:
    assert names.sort_key("  Lefèvre-Núñez ", "José  María") == "lefevre-nunez jose maria"
    assert names.fold("u\u0308ber") == names.fold("über") == "ueber"
