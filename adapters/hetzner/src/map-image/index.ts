import {
  chooseFirst,
  identityField,
  readOnlyField,
  referenceField,
  writableField,
  createRuleBuilders,
  type ImageMapping,
} from '@imago/core/provider'
import type { HetznerImage } from '@imago/schema-hetzner/image'
import { architectureByAge, toArchitecture } from './architecture.ts'
import { deprecatedAt, parseInstant, threeMonthsAfterDeprecation } from './deprecation.ts'
import { toKind, toVisibility } from './kind.ts'
import {
  distroOnLabel,
  familyOfDistroOnLabel,
  familyOnLabel,
  toDistro,
  toFamily,
  unlessTransferred,
} from './operating-system.ts'
import { toOrigins } from './origins.ts'
import { gigabytesToBytes } from './size.ts'
import { toStatus } from './status.ts'
import { bytesWritten, minRamLabel, propertyLabel } from './transferred.ts'

const { declared, inferred, assumed } = createRuleBuilders<HetznerImage>()

const GB = 'a Hetzner GB is 1.024e9 bytes'
const BY_TRANSFER = 'which a transfer by imago writes'
const HELPER = 'not where a transfer by imago made the snapshot: then it is the temporary server’s'

/** The mapping from Hetzner's images to `Image`: one rule a field. */
export const hetznerMapping: ImageMapping<HetznerImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => String(id))),
  name: readOnlyField(
    declared(
      ['name'],
      ({ name }) => (name === '' ? null : name),
      'set for system and app images; one name stands for one image per architecture',
    ),
  ),
  description: writableField(declared(['description'], ({ description }) => description)),
  kind: readOnlyField(declared(['type'], ({ type }) => toKind(type))),
  status: readOnlyField(
    declared(
      ['status', 'deleted'],
      ({ status, deleted }) => toStatus(status, deleted),
      'creating is pending; a deleted date outranks the word',
    ),
  ),
  providerStatus: readOnlyField(declared(['status'], ({ status }) => status)),
  visibility: readOnlyField(
    inferred(
      ['type'],
      ({ type }) => toVisibility(type),
      'system and app images are everyone’s; snapshots and backups belong to one project',
    ),
  ),
  protected: writableField(
    declared(['protection'], ({ protection }) => (protection === null ? null : protection?.delete)),
  ),
  rapidDeploy: readOnlyField(declared(['rapid_deploy'], ({ rapid_deploy }) => rapid_deploy)),
  architecture: readOnlyField(
    chooseFirst(
      declared(['architecture'], ({ architecture }) => toArchitecture(architecture), 'x86 is x86_64, arm is aarch64'),
      inferred(['created'], ({ created }) => architectureByAge(created), 'Hetzner had no Arm images before 2023'),
    ),
  ),
  'os.family': readOnlyField(
    chooseFirst(
      declared(['labels'], ({ labels }) => familyOnLabel(labels), `the label imago.property/os_type, ${BY_TRANSFER}`),
      inferred(
        ['labels'],
        ({ labels }) => familyOfDistroOnLabel(labels),
        `the family of the label imago.property/os_distro, by the crosswalk; ${BY_TRANSFER}`,
      ),
      inferred(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toFamily(os_flavor)),
        `the family of the flavor, by the crosswalk; ${HELPER}`,
      ),
    ),
  ),
  'os.distro': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => distroOnLabel(labels),
        `the label imago.property/os_distro as os-release ID, by the crosswalk; ${BY_TRANSFER}`,
      ),
      declared(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toDistro(os_flavor)),
        `the flavor as os-release ID, by the crosswalk; unknown is no value; ${HELPER}`,
      ),
    ),
  ),
  'os.version': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => propertyLabel(labels, 'os_version'),
        `the label imago.property/os_version, ${BY_TRANSFER}`,
      ),
      declared(
        ['labels', 'os_version'],
        ({ labels, os_version }) => unlessTransferred(labels, os_version === '' ? null : os_version),
        HELPER,
      ),
    ),
  ),
  'os.defaultUser': readOnlyField(
    declared(
      ['labels'],
      ({ labels }) => propertyLabel(labels, 'os_admin_user'),
      `the label imago.property/os_admin_user, ${BY_TRANSFER}`,
    ),
  ),
  'size.stored': readOnlyField(inferred(['image_size'], ({ image_size }) => gigabytesToBytes(image_size), GB)),
  'size.virtual': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => bytesWritten(labels),
        'the label imago-bytes: a transfer by imago wrote that many to the disk, which is larger',
      ),
      inferred(['disk_size'], ({ disk_size }) => gigabytesToBytes(disk_size), GB),
    ),
  ),
  'size.minDisk': readOnlyField(
    inferred(
      ['disk_size'],
      ({ disk_size }) => gigabytesToBytes(disk_size),
      `${GB}; a server needs a disk as large as the image’s`,
    ),
  ),
  'size.minRam': readOnlyField(
    declared(['labels'], ({ labels }) => minRamLabel(labels), `the label imago.field/min-ram, ${BY_TRANSFER}`),
  ),
  createdAt: readOnlyField(declared(['created'], ({ created }) => parseInstant(created))),
  deletedAt: readOnlyField(declared(['deleted'], ({ deleted }) => parseInstant(deleted))),
  deprecatedAt: readOnlyField(
    declared(
      ['deprecation', 'deprecated'],
      deprecatedAt,
      'deprecation.announced since September 2026, deprecated before',
    ),
  ),
  unavailableAfter: readOnlyField(
    chooseFirst(
      declared(['deprecation'], ({ deprecation }) =>
        deprecation === null ? null : parseInstant(deprecation?.unavailable_after),
      ),
      assumed(
        ['deprecated'],
        ({ deprecated }) => threeMonthsAfterDeprecation(deprecated),
        'three months after deprecated, as hcloud counted before deprecation.unavailable_after came',
      ),
    ),
  ),
  origins: referenceField(declared(['created_from', 'bound_to'], toOrigins)),
  labels: writableField(declared(['labels'], ({ labels }) => labels)),
}
