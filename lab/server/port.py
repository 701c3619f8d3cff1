"""port.py [WANTED [AVOIDED...]]: prints WANTED if it is a free port of 127.0.0.1, otherwise fails. Without WANTED, prints a free port not in AVOIDED.

Ports come from below the kernel's ephemeral range, so that no outgoing connection takes one between this check and the server's start.
"""
import random
import socket
import sys

wanted, *avoided = sys.argv[1:] or ['']


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
        return True


candidates = [int(wanted)] if wanted else (port for port in random.sample(range(20000, 32000), 500) if str(port) not in avoided)
port = next((port for port in candidates if is_free(port)), None)
if port is None:
    sys.exit(1)
print(port)
