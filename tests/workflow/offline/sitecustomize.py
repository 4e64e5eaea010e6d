"""Python that finds this module first reaches no network: what a run asks of it fails, and the run with it."""

import socket

NETWORK = (socket.AF_INET, socket.AF_INET6)


class Offline(socket.socket):
    """A socket that connects to files alone."""

    def connect(self, address):
        """Refuse an address of a network."""
        if self.family in NETWORK:
            raise PermissionError(f"a run needs no network, and asked for {address}")
        return super().connect(address)

    connect_ex = connect


def refuse(host, *_, **__):
    """Refuse to look up a name."""
    raise PermissionError(f"a run needs no network, and asked where {host} is")


socket.socket = Offline
socket.getaddrinfo = refuse
