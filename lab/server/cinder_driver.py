"""A volume backend for the lab: sparse files in a directory, without LVM, iSCSI or root, written and read by Cinder's image code and by
qemu-img. The data is real; only attachments have no effect. Import it after Cinder is monkey-patched.
"""
import os

from cinder import utils
from cinder.image import image_utils
from cinder.volume import driver, volume_utils
from oslo_config import cfg

CONF = cfg.CONF
SPACE_GIB = 1000


def size_in_bytes(size):
    return size << 30


class LabDriver(driver.VolumeDriver):
    VERSION = '1.0.0'

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.directory = os.path.join(CONF.state_path, 'volumes')

    def check_for_setup_error(self):
        os.makedirs(self.directory, exist_ok=True)

    def path_of(self, name):
        return os.path.join(self.directory, name)

    def local_path(self, volume):
        return self.path_of(volume['name'])

    def _copy(self, source, volume):
        utils.execute('cp', '--sparse=always', source, self.local_path(volume))
        os.truncate(self.local_path(volume), size_in_bytes(volume['size']))

    def _delete(self, path):
        if os.path.exists(path):
            os.unlink(path)

    def create_volume(self, volume):
        with open(self.local_path(volume), 'xb') as file:
            file.truncate(size_in_bytes(volume['size']))

    def delete_volume(self, volume):
        self._delete(self.local_path(volume))

    def extend_volume(self, volume, new_size):
        os.truncate(self.local_path(volume), size_in_bytes(new_size))

    def create_snapshot(self, snapshot):
        utils.execute('cp', '--sparse=always', self.path_of(snapshot['volume_name']), self.path_of(snapshot['name']))

    def delete_snapshot(self, snapshot):
        self._delete(self.path_of(snapshot['name']))

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(self.path_of(snapshot['name']), volume)

    def create_cloned_volume(self, volume, src_vref):
        self._copy(self.local_path(src_vref), volume)

    def copy_image_to_volume(self, context, volume, image_service, image_id, disable_sparse=False):
        image_utils.fetch_to_raw(context, image_service, image_id, self.local_path(volume), CONF.volume_dd_blocksize, size=volume['size'], run_as_root=False)
        os.truncate(self.local_path(volume), size_in_bytes(volume['size']))

    def copy_volume_to_image(self, context, volume, image_service, image_meta):
        volume_utils.upload_volume(context, image_service, image_meta, self.local_path(volume), volume, run_as_root=False)

    def ensure_export(self, context, volume):
        pass

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def initialize_connection(self, volume, connector):
        return {'driver_volume_type': 'local', 'data': {'device_path': self.local_path(volume), 'access_mode': 'rw'}}

    def terminate_connection(self, volume, connector, **kwargs):
        pass

    def get_volume_stats(self, refresh=False):
        return {
            'volume_backend_name': self.configuration.safe_get('volume_backend_name'),
            'vendor_name': 'lab',
            'driver_version': self.VERSION,
            'storage_protocol': 'local',
            'total_capacity_gb': SPACE_GIB,
            'free_capacity_gb': SPACE_GIB,
            'reserved_percentage': 0,
            'thin_provisioning_support': True,
            'thick_provisioning_support': False,
            'provisioned_capacity_gb': 0,
            'max_over_subscription_ratio': 20.0,
            'multiattach': True,
        }
