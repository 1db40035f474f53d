"""Free TCP ports of this machine."""

from __future__ import annotations

import secrets
import socket

LOOPBACK = "127.0.0.1"

FIRST, LAST = 20_000, 32_000
"""Below the ports that systems give to outgoing connections: a server that restarts finds its port free, and a client
that keeps trying a port where nobody listens cannot be given that same port and so connect to itself."""


def free_ports(count: int) -> list[int]:
    """Different ports on the loopback address that were free a moment ago."""
    ports: set[int] = set()
    while len(ports) < count:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if port_is_free(port):
            ports.add(port)
    return list(ports)


def port_is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
