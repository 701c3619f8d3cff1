"""gunicorn with one worker of 16 threads on a port of 127.0.0.1."""
import gunicorn.app.base


class Server(gunicorn.app.base.BaseApplication):
    """Runs `load_application` in the worker; `settings` take precedence over the ones here."""

    def __init__(self, port, load_application, **settings):
        self.settings = {
            'bind': f'127.0.0.1:{port}',
            'worker_class': 'gthread',
            'workers': 1,
            'threads': 16,
            'keepalive': 60,
            # No time limit for uploads.
            'timeout': 0,
            'graceful_timeout': 3,
            # It would be in the user's directory, shared by all labs.
            'control_socket_disable': True,
            **settings,
        }
        self.load_application = load_application
        super().__init__()

    def load_config(self):
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self):
        return self.load_application()
