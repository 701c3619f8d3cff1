"""keystone-server.py PORT: Keystone's WSGI application in eventlet's server, one process that keeps connections alive.

Nothing is monkey-patched: each request runs to its end before the next begins, so SQLite has one user at a time.
"""
import logging
import sys

port = int(sys.argv.pop())  # Keystone parses what is left of the command line.

import eventlet
import eventlet.wsgi
from keystone.server.wsgi import initialize_public_application

application = initialize_public_application()
listener = eventlet.listen(('127.0.0.1', port), backlog=1024)
eventlet.wsgi.MAX_HEADER_LINE = 65536
eventlet.wsgi.server(listener, application, log=logging.getLogger('keystone.eventlet'), log_output=True, keepalive=True, socket_timeout=900)
