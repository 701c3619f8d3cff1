"""cinder-server.py serve|database CONFIGURATION: Cinder's API, scheduler and volume service in one eventlet process, over oslo.messaging's
in-memory transport.
"""
import os
import sys

mode, configuration = sys.argv[1:]
sys.argv[1:] = ['--config-file', configuration]

try:
    from cinder import monkey_patch
except ImportError:  # Before 2025, each program monkey-patched itself.
    import eventlet
    eventlet.monkey_patch()
    import __original_module_threading
    import threading
    __original_module_threading.current_thread.__globals__['_active'] = threading._active
else:
    monkey_patch.patch()

from oslo_config import cfg
from oslo_log import log as logging

from cinder import i18n

i18n.enable_lazy()

from cinder import objects, version
from cinder.common import config, constants

CONF = cfg.CONF
objects.register_all()
CONF(sys.argv[1:], project='cinder', version=version.version_string())
logging.setup(CONF, 'cinder')
LOG = logging.getLogger('cinder.lab')

if mode == 'database':
    from cinder.db import migration
    migration.db_sync()
    sys.exit(0)

import cinder.privsep
import os_brick
import os_brick.privileged
from cinder import coordination, rpc, service, utils
from oslo_service import service as oslo_service

config.set_middleware_defaults()
os_brick.setup(CONF)
# No privileges are needed: commands for root run as this user, and privileged functions (since 2025, Cinder's format inspector is one)
# in this process instead of a daemon under sudo.
utils.get_root_helper = lambda: 'env'
cinder.privsep.sys_admin_pctxt.set_client_mode(False)
os_brick.privileged.default.set_client_mode(False)

rpc.init(CONF)
coordination.COORDINATOR.start()
CONF.register_opt(cfg.StrOpt('backend_host'), group='files')
launcher = oslo_service.ServiceLauncher(CONF, restart_method='reload')


class LabService(service.Service):
    def report_state(self):
        """`service_id` is a class attribute: without this, both services report for the later one, and the other gets no work after 60 s."""
        service.Service.service_id = self.origin_service_id
        super().report_state()


def launch(server):
    try:
        server.start()
    except BaseException:
        LOG.exception('%s does not start', server.binary)
        os._exit(1)
    server.start = lambda: None
    launcher.launch_service(server)


# The volume service first: the scheduler waits at its start for the reported capabilities.
launch(LabService.create(host=f'{CONF.host}@files', service_name='files', binary=constants.VOLUME_BINARY, coordination=True, cluster=None))
launch(LabService.create(binary=constants.SCHEDULER_BINARY))
launcher.launch_service(service.WSGIService('osapi_volume'))
launcher.wait()
