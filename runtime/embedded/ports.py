"""Free ports on 127.0.0.1, the same ones as last time where possible, so that a bookmarked address stays."""

import json
import socket
from pathlib import Path

from runtime.embedded.record import write_private

HOST = "127.0.0.1"


class PortBook:
    """Remembers in one file which server of a data folder listens where."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._remembered = _read(path)
        self._taken: dict[str, int] = {}

    def take(self, name: str) -> int:
        """A port that is free now and that this book gave to no other server: the last one of that name if it can be."""
        before = self._remembered.get(name)
        others = {port for other, port in self._taken.items() if other != name}
        port = before if before is not None and before not in others and is_free(before) else self._free()
        self._taken[name] = port
        self._remembered[name] = port
        write_private(self._path, json.dumps(self._remembered, indent=2, sort_keys=True))
        return port

    def _free(self) -> int:
        # Ports that other servers of this folder may come back to are left to them.
        reserved = {*self._taken.values(), *self._remembered.values()}
        while (port := _any_port()) in reserved:
            pass
        return port


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are still fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _read(path: Path) -> dict[str, int]:
    try:
        book = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(book, dict):
        return {}
    return {name: port for name, port in book.items() if isinstance(port, int) and 0 < port < 65536}
