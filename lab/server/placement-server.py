"""placement-server.py PORT: Placement's WSGI application and the network stub in eventlet's server. Its configuration is in
OS_PLACEMENT_CONFIG_DIR.

Nothing is monkey-patched: requests run one after another, so SQLite has one user at a time.
"""
import logging
import sys

port = int(sys.argv.pop())

import eventlet
import eventlet.wsgi
from placement.wsgi import init_application

import network_stub

placement = init_application()


def application(environ, start_response):
    serve = network_stub.application if environ['PATH_INFO'].startswith(network_stub.PATH) else placement
    return serve(environ, start_response)


listener = eventlet.listen(('127.0.0.1', port), backlog=1024)
eventlet.wsgi.MAX_HEADER_LINE = 65536
eventlet.wsgi.server(listener, application, log=logging.getLogger('placement.eventlet'), log_output=True, keepalive=True, socket_timeout=900)
