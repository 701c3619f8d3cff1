"""Nova's conductor, scheduler and compute in one process: oslo.messaging's fake transport is in memory, so they must share it.
Import it after Nova is monkey-patched and configured.

Unlike in nova.cmd.compute, compute accesses the database directly: the switches against that (DISABLE_DB_ACCESS, NovaObject.indirection_api)
are global to the process, and the conductor would call itself without end.
"""
import logging
import os
import sys
import time

import os_vif
from nova import context, objects, service
from nova.compute import rpcapi as compute
from nova.conductor import rpcapi as conductor
from nova.objects import host_mapping
from nova.scheduler import rpcapi as scheduler

import nova_driver  # noqa: F401
from nova_cells import set_cell_mappings

LOG = logging.getLogger('nova.lab')
PREPARED = os.path.join(os.environ['STATE'], 'run', 'compute-prepared')

# Since 2024, compute listens on a second topic.
COMPUTE_TOPICS = {'topic': compute.RPC_TOPIC, **({'topic_alt': compute.RPC_TOPIC_ALT} if hasattr(compute, 'RPC_TOPIC_ALT') else {})}
SERVICES = (
    ('nova-conductor', {'topic': conductor.RPC_TOPIC}),
    ('nova-scheduler', {'topic': scheduler.RPC_TOPIC}),
    ('nova-compute', COMPUTE_TOPICS),
)


def wait_until_prepared():
    """Users and catalog are created while Nova imports; compute needs both, and Placement, to start."""
    deadline = time.monotonic() + 180
    while not os.path.exists(PREPARED):
        if time.monotonic() > deadline:
            sys.exit(f'{PREPARED} was not made within 3 minutes')
        time.sleep(0.05)


def start_services():
    """In order: each service waits for responses of the previous ones."""
    wait_until_prepared()
    os_vif.initialize()
    set_cell_mappings()
    started = []
    for binary, topics in SERVICES:
        server = service.Service.create(binary=binary, **topics)
        try:
            server.start()
        except BaseException:
            LOG.exception('%s does not start', binary)
            raise
        started.append(server)
    host_mapping.discover_hosts(context.get_admin_context(), status_fn=LOG.info)
    objects.Service.enable_min_version_cache()
    return started
