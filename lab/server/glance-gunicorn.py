"""glance-gunicorn.py PORT: Glance's WSGI application in gunicorn, one worker with threads. Its configuration is in OS_GLANCE_CONFIG_DIR.

SQLite has one writer. A transaction that begins with a read, and writes when another has written meanwhile, fails at once with "database is
locked", however long it is told to wait; so each takes the write lock at its start, and threads wait for one another there.
"""
import sys

import gunicorn.app.base

PORT = int(sys.argv.pop())


def load_glance():
    import sqlalchemy.event
    from sqlalchemy.engine import Engine

    @sqlalchemy.event.listens_for(Engine, 'before_cursor_execute', retval=True)
    def take_the_write_lock(connection, cursor, statement, parameters, context, executemany):
        return ('BEGIN IMMEDIATE' if statement == 'BEGIN' else statement), parameters

    from glance.wsgi.api import application
    return application


class Server(gunicorn.app.base.BaseApplication):
    def load_config(self):
        settings = {
            'bind': f'127.0.0.1:{PORT}',
            'worker_class': 'gthread',
            'workers': 1,
            'threads': 16,
            'keepalive': 60,
            # Uploads may take as long as they take.
            'timeout': 0,
            'graceful_timeout': 3,
            # It would lie in the user's own directory, one for all labs.
            'control_socket_disable': True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self):
        return load_glance()


Server().run()
