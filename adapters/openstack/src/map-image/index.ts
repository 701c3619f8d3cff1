import { dateToInstant, toInstant } from '@imago/codec'
import {
  chooseFirst,
  identityField,
  readOnlyField,
  referenceField,
  writableField,
  createRuleBuilders,
  type ImageMapping,
} from '@imago/core/provider'
import type { GlanceImage } from '@imago/schema-openstack/image'
import { toArchitecture } from './architecture.ts'
import { toFirmware, toSecureBoot } from './boot.ts'
import { toDigests } from './digests.ts'
import { distroOfHuawei, familyOfHuawei, readSize, sizeOfHuawei, versionOfHuawei } from './huawei.ts'
import { toKind, toVisibility, toVolumeSnapshotKind } from './kind.ts'
import { toStores, toTags } from './lists.ts'
import { familyOfDistro, toDistro, toFamily } from './operating-system.ts'
import { toOrigins } from './origins.ts'
import { toProperties } from './properties.ts'
import { gibibytesToBytes, mebibytesToBytes } from './size.ts'
import { toStatus } from './status.ts'
import { word } from './text.ts'

const { declared, inferred, assumed, otherKeys } = createRuleBuilders<GlanceImage>()

const parseInstant = (text: string | null | undefined): string | null | undefined =>
  text === null || text === undefined ? text : toInstant(text)

const DIGEST_FIELDS = [
  '__image_size',
  'os_hash_algo',
  'os_hash_value',
  'checksum',
  'owner_specified.openstack.sha256',
  'owner_specified.openstack.md5',
  'owner_specified.shade.sha256',
  'owner_specified.shade.md5',
] as const

/** Maps a Glance image to an `Image`. */
export const openstackMapping: ImageMapping<GlanceImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => id)),
  name: writableField(declared(['name'], ({ name }) => name)),
  description: writableField(
    chooseFirst(
      declared(['description'], ({ description }) => description, 'a property'),
      declared(['image_description'], ({ image_description }) => image_description, 'a property of SCS-0102'),
    ),
  ),
  kind: readOnlyField(
    chooseFirst(
      declared(
        ['image_type'],
        ({ image_type }) => toKind(image_type),
        'a property that Nova sets on images created from a server',
      ),
      inferred(
        ['block_device_mapping'],
        ({ block_device_mapping }) => toVolumeSnapshotKind(block_device_mapping),
        'the disks are volume snapshots: created from a server that boots from a volume',
      ),
      assumed(
        ['schema', 'file'],
        ({ schema, file }) => (typeof (schema ?? file) === 'string' ? 'image' : undefined),
        'a complete record without image_type: not created from a server',
      ),
    ),
  ),
  status: readOnlyField(
    declared(
      ['status'],
      ({ status }) => toStatus(status),
      'queued, saving, uploading and importing are pending; deactivated is unavailable',
    ),
  ),
  providerStatus: readOnlyField(declared(['status'], ({ status }) => status)),
  visibility: writableField(declared(['visibility'], ({ visibility }) => toVisibility(visibility))),
  hidden: writableField(declared(['os_hidden'], ({ os_hidden }) => os_hidden)),
  owner: referenceField(declared(['owner'], ({ owner }) => owner, 'the ID of the project')),
  protected: writableField(declared(['protected'], (image) => image.protected)),
  architecture: writableField(
    declared(
      ['architecture'],
      ({ architecture }) => toArchitecture(architecture),
      'a property, converted to the name of libosinfo',
    ),
  ),
  'os.family': writableField(
    chooseFirst(
      declared(['os_type'], ({ os_type }) => toFamily(os_type), 'a property'),
      inferred(['os_distro'], ({ os_distro }) => familyOfDistro(os_distro), 'the family of the distribution'),
      inferred(
        ['__os_type'],
        ({ __os_type }) => familyOfHuawei(__os_type),
        'a property of Huawei-based clouds: Linux or Windows',
      ),
    ),
  ),
  'os.distro': writableField(
    chooseFirst(
      declared(['os_distro'], ({ os_distro }) => toDistro(os_distro), 'a property, converted to the os-release ID'),
      inferred(
        ['__platform'],
        ({ __platform }) => distroOfHuawei(__platform),
        'a property of Huawei-based clouds, converted to the os-release ID',
      ),
    ),
  ),
  'os.version': writableField(
    chooseFirst(
      declared(['os_version'], ({ os_version }) => word(os_version), 'a property'),
      inferred(
        ['__os_version'],
        ({ __os_version }) => versionOfHuawei(__os_version),
        'a property of Huawei-based clouds: the version in a text such as CentOS 7.3 64bit',
      ),
    ),
  ),
  'os.defaultUser': writableField(
    chooseFirst(
      declared(['os_admin_user'], ({ os_admin_user }) => word(os_admin_user), 'a property'),
      declared(
        ['image_original_user'],
        ({ image_original_user }) => word(image_original_user),
        'a property of SCS-0102',
      ),
    ),
  ),
  'boot.firmware': writableField(
    declared(['hw_firmware_type'], ({ hw_firmware_type }) => toFirmware(hw_firmware_type), 'a property'),
  ),
  'boot.secureBoot': writableField(
    declared(['os_secure_boot'], ({ os_secure_boot }) => toSecureBoot(os_secure_boot), 'a property'),
  ),
  'format.disk': writableField(declared(['disk_format'], ({ disk_format }) => disk_format)),
  'format.container': writableField(declared(['container_format'], ({ container_format }) => container_format)),
  'size.stored': readOnlyField(
    chooseFirst(
      declared(['size', '__image_size'], readSize),
      inferred(
        ['__image_size'],
        ({ __image_size }) => sizeOfHuawei(__image_size),
        'a property of Huawei-based clouds, in bytes; these clouds always report size 0',
      ),
    ),
  ),
  'size.virtual': readOnlyField(declared(['virtual_size'], ({ virtual_size }) => virtual_size)),
  'size.minDisk': writableField(
    declared(['min_disk'], ({ min_disk }) => gibibytesToBytes(min_disk), 'min_disk is in GiB'),
  ),
  'size.minRam': writableField(declared(['min_ram'], ({ min_ram }) => mebibytesToBytes(min_ram), 'min_ram is in MiB')),
  digests: readOnlyField(
    declared(
      DIGEST_FIELDS,
      toDigests,
      'checksum is an MD5; owner_specified.* were computed by the uploading client; with __image_size, the MD5 of empty data is ignored',
    ),
  ),
  createdAt: readOnlyField(declared(['created_at'], ({ created_at }) => parseInstant(created_at))),
  updatedAt: readOnlyField(declared(['updated_at'], ({ updated_at }) => parseInstant(updated_at))),
  unavailableAfter: writableField(
    declared(
      ['provided_until'],
      ({ provided_until }) => (typeof provided_until === 'string' ? dateToInstant(provided_until) : provided_until),
      'a property of SCS-0102: a date',
    ),
  ),
  origins: referenceField(
    declared(['instance_uuid', 'base_image_ref', 'image_source'], toOrigins, 'properties set by Nova and SCS'),
  ),
  stores: referenceField(declared(['stores'], ({ stores }) => toStores(stores))),
  tags: writableField(
    declared(['tags'], ({ tags }) => toTags(tags), 'sorted, because Glance does not keep their order'),
  ),
  properties: writableField(
    otherKeys(toProperties, 'all keys other than base fields and os_glance_*, which belongs to the service'),
  ),
}
