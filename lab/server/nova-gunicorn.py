"""nova-gunicorn.py PORT | databases: Nova since 2025, its compute API in gunicorn, its services on native threads of the same worker. These
releases have no nova-api. Its configuration is in OS_NOVA_CONFIG_DIR.
"""
import os
import sys

mode = sys.argv.pop()  # Nova parses the rest of the command line.
NAME, PROGRAM = 'osapi_compute', 'nova-api-os-compute'


def configure():
    from nova import monkey_patch
    monkey_patch.patch(backend='threading')  # First: it forbids later imports of eventlet.

    import sqlite_lock  # noqa: F401

    from nova.api.openstack import wsgi_app
    wsgi_app.init_global_data(wsgi_app._get_config_files()[1:], NAME, PROGRAM)
    return wsgi_app


def load_nova():
    try:
        wsgi_app = configure()
        import os_brick
        from oslo_config import cfg
        os_brick.setup(cfg.CONF)
        from nova_services import start_services
        load_nova.started = start_services()
        return wsgi_app.init_application(NAME, PROGRAM)
    except BaseException:
        import traceback
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(3)  # The code by which gunicorn also ends when a worker cannot start.


if mode == 'databases':
    configure()
    from nova_cells import make_databases
    make_databases()
    sys.exit(0)

from gunicorn_server import Server

# The threads of Nova and of oslo.messaging are not daemons, and would keep the process running.
Server(int(mode), load_nova, worker_exit=lambda server, worker: os._exit(0), limit_request_field_size=65536).run()
