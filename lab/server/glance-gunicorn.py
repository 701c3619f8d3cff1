"""glance-gunicorn.py PORT: Glance's WSGI application in gunicorn. Its configuration is in OS_GLANCE_CONFIG_DIR."""
import sys

from gunicorn_server import Server

PORT = int(sys.argv.pop())


def load_glance():
    import sqlite_lock  # noqa: F401

    from glance.wsgi.api import application
    return application


Server(PORT, load_glance).run()
