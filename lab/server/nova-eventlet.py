"""nova-eventlet.py serve|databases CONFIGURATION: Nova of 2022, its compute API and services in one eventlet process."""
import os
import sys

mode, configuration = sys.argv[1:]
sys.argv[1:] = ['--config-file', configuration]

import nova.cmd  # noqa: F401  Monkey-patches, so it comes first.
from oslo_log import log as logging

import nova.conf
from nova import config, objects

CONF = nova.conf.CONF
config.parse_args(sys.argv)
logging.setup(CONF, 'nova')
objects.register_all()

if mode == 'databases':
    from nova_cells import make_databases
    make_databases()
    sys.exit(0)

from oslo_service import service as oslo_service

from nova import service
from nova_services import start_services

launcher = oslo_service.ServiceLauncher(CONF, restart_method='reload')
try:
    started = start_services()
except BaseException:
    os._exit(1)  # Threads of services that did start would keep the process running.
for server in started:
    server.start = lambda: None
    launcher.launch_service(server)
launcher.launch_service(service.WSGIService('osapi_compute'))
launcher.wait()
