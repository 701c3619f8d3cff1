"""A hypervisor for the lab: Nova's fake driver, which boots nothing, extended to use Glance like a real one. Import it after Nova is
monkey-patched. Configure it as `compute_driver = fake.LabDriver`: Nova only looks in its own package.

A server's metadata can delay its snapshots or make them fail:
  lab_pending_seconds    before the upload
  lab_upload_seconds     of the upload
  lab_failure            before, or during: of the upload
"""
import sys
import tempfile
import time

import nova.conf
from nova import context, exception, objects
from nova.compute import task_states
from nova.image import glance
from nova.virt import fake, images

try:
    from nova.virt.node import get_local_node_uuid
except ImportError:  # Before 2023.1, nodes had no persistent ID.
    get_local_node_uuid = None

CONF = nova.conf.CONF
SIZE = 1 << 20
GONE = ('building', 'error', 'shelved_offloaded')


class LabDriver(fake.FakeDriver):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._image_api = glance.API()

    def init_host(self, host):
        """Keeps the guests after a restart, like a real hypervisor."""
        super().init_host(host)
        for instance in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            if instance.vm_state not in GONE and instance.launched_at:
                self.instances[instance.uuid] = fake.FakeInstance(instance.name, instance.power_state, instance.uuid)
                self.resources.claim(vcpus=instance.vcpus, mem=instance.memory_mb, disk=instance.root_gb)

    def get_available_resource(self, nodename):
        """FakeDriver's node ID differs in each process, and Nova refuses to start on a host whose node has changed."""
        resource = super().get_available_resource(nodename)
        return {**resource, 'uuid': get_local_node_uuid()} if get_local_node_uuid else resource

    def get_nodenames_by_uuid(self, refresh=False):
        return {get_local_node_uuid(): self.get_available_nodes()[0]}

    def spawn(self, context, instance, image_meta, injected_files, admin_password, allocations, **kwargs):
        """Fetches the image without a cache: a queued or deleted image makes the build fail."""
        if instance.image_ref:
            with tempfile.NamedTemporaryFile(dir=CONF.instances_path) as file:
                images.fetch(context, instance.image_ref, file.name)
        super().spawn(context, instance, image_meta, injected_files, admin_password, allocations, **kwargs)

    def snapshot(self, context, instance, image_id, update_task_state):
        """Works like libvirt's driver: task states, metadata, and one upload. FakeDriver uploads nothing, so the image would stay queued."""
        if instance.uuid not in self.instances:
            raise exception.InstanceNotRunning(instance_id=instance.uuid)
        record = self._image_api.get(context, image_id)
        wanted = instance.metadata
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        time.sleep(float(wanted.get('lab_pending_seconds', 0)))
        if wanted.get('lab_failure') == 'before':
            raise exception.NovaException('the lab lets this snapshot fail before its upload')
        update_task_state(task_state=task_states.IMAGE_UPLOADING, expected_state=task_states.IMAGE_PENDING_UPLOAD)
        with tempfile.TemporaryFile(dir=CONF.instances_path) as file:
            file.write(f'lab snapshot of {instance.uuid}\n'.encode())
            file.truncate(SIZE)
            file.seek(0)
            data = Upload(file, float(wanted.get('lab_upload_seconds', 0)), wanted.get('lab_failure') == 'during')
            self._image_api.update(context, image_id, snapshot_metadata(instance, record['name']), data)


def snapshot_metadata(instance, name):
    """Returns the image metadata of libvirt's driver. nova: nova/virt/libvirt/driver.py, _create_snapshot_metadata."""
    meta = instance.image_meta
    properties = {
        'kernel_id': instance.kernel_id,
        'image_location': 'snapshot',
        'image_state': 'available',
        'owner_id': instance.project_id,
        'ramdisk_id': instance.ramdisk_id,
    }
    if instance.os_type:
        properties['os_type'] = instance.os_type
    return {
        'status': 'active',
        'name': name,
        'properties': properties,
        'disk_format': 'raw',
        'container_format': meta.container_format if meta.obj_attr_is_set('container_format') else 'bare',
    }


def native_sleep():
    """Nova reads an upload in a native thread, where eventlet's sleep has no event loop."""
    eventlet = sys.modules.get('eventlet')
    return eventlet.patcher.original('time').sleep if eventlet else time.sleep


class Upload:
    """A file that takes some seconds to read, or fails in the middle."""

    def __init__(self, file, seconds, fails):
        self.file, self.seconds, self.fails, self.sleep = file, seconds, fails, native_sleep()

    def read(self, size=65536):
        size = min(size, 65536)
        if self.seconds:
            self.sleep(self.seconds * size / SIZE)
        if self.fails and self.file.tell() > SIZE / 2:
            raise OSError('the lab lets this snapshot fail during its upload')
        return self.file.read(size)


fake.LabDriver = LabDriver
