"""Guessing passwords ends after eight attempts, for that account from that address, and for nobody else."""

from __future__ import annotations

import pytest

from calidez.people.services import found_organisation, set_password

PASSWORD = "a-long-enough-password"
EMAIL = "ana@example.org"


@pytest.fixture
def signs_in(client, db):
    person = found_organisation(
        name="Clínica", code="C", language="en", email=EMAIL, person="Ana", password=PASSWORD
    )
    set_password(person, PASSWORD, by=person)

    def attempt(email: str = EMAIL, password: str = PASSWORD, address: str = "10.0.0.1"):
        return client.post("/login/", {"username": email, "password": password}, REMOTE_ADDR=address)

    return attempt


def test_the_right_password_comes_too_late_after_eight_wrong_ones(signs_in):
    assert [signs_in(password="wrong").status_code for _ in range(8)] == [200] * 7 + [429]
    assert signs_in().status_code == 429
    assert signs_in(address="10.0.0.2").status_code == 302


def test_wrong_passwords_of_one_person_close_the_door_for_no_other(signs_in):
    for _ in range(8):
        signs_in(email="somebody@example.org", password="wrong")
    assert signs_in().status_code == 302


def test_signing_in_forgets_the_slips_before_it(signs_in, client):
    for _ in range(7):
        signs_in(password="wrong")
    assert signs_in().status_code == 302
    client.logout()
    assert signs_in(password="wrong").status_code == 200


def test_other_capitals_and_blanks_are_the_same_account(signs_in):
    for n in range(8):
        signs_in(email=[EMAIL, EMAIL.upper(), EMAIL.title(), f" {EMAIL}"][n % 4], password="wrong")
    assert signs_in().status_code == 429
