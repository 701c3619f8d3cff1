"""keystone-server.py PORT: Keystone's WSGI application in eventlet's server, in one process with keep-alive connections.

Nothing is monkey-patched: requests run one after another, so SQLite has one user at a time.
"""
import logging
import sys

port = int(sys.argv.pop())  # Keystone parses the rest of the command line.

import eventlet
import eventlet.wsgi
from keystone.server.wsgi import initialize_public_application

application = initialize_public_application()
listener = eventlet.listen(('127.0.0.1', port), backlog=1024)
eventlet.wsgi.MAX_HEADER_LINE = 65536
eventlet.wsgi.server(listener, application, log=logging.getLogger('keystone.eventlet'), log_output=True, keepalive=True, socket_timeout=900)
