"""Ports: free, each given once, and the same as last time where possible."""

import socket
from pathlib import Path

from runtime.embedded.ports import HOST, PortBook, is_free


def test_each_server_gets_a_port_of_its_own(tmp_path: Path) -> None:
    book = PortBook(tmp_path / "ports.json")

    ports = [book.take(name) for name in "abcdefgh"]

    assert len(set(ports)) == len(ports)
    assert all(is_free(port) for port in ports)


def test_the_next_start_gets_the_same_port(tmp_path: Path) -> None:
    before = PortBook(tmp_path / "ports.json").take("temporal")

    assert PortBook(tmp_path / "ports.json").take("temporal") == before


def test_a_port_that_another_person_has_by_now_is_not_given_again(tmp_path: Path) -> None:
    before = PortBook(tmp_path / "ports.json").take("temporal")

    with socket.create_server((HOST, before)):
        assert not is_free(before)
        after = PortBook(tmp_path / "ports.json").take("temporal")

    assert after != before


def test_asking_again_gives_the_same_port_unless_a_person_took_it(tmp_path: Path) -> None:
    book = PortBook(tmp_path / "ports.json")
    before = book.take("temporal")

    assert book.take("temporal") == before
    with socket.create_server((HOST, before)):
        assert book.take("temporal") != before


def test_a_book_that_cannot_be_read_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text('["not a book"')

    port = PortBook(tmp_path / "ports.json").take("temporal")

    assert PortBook(tmp_path / "ports.json").take("temporal") == port
