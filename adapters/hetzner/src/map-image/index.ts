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
import { bytesWritten, decodeLabel, minRamLabel } from './transferred.ts'

const { declared, inferred, assumed } = createRuleBuilders<HetznerImage>()

const GB = 'a Hetzner GB is 1.024e9 bytes'
const BY_TRANSFER = 'written by a transfer of imago'
const NOT_TRANSFERRED = 'ignored for snapshots that a transfer of imago created: it then describes the temporary server'

/** The mapping from Hetzner's images to `Image`: one rule a field. */
export const hetznerMapping: ImageMapping<HetznerImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => String(id))),
  name: readOnlyField(
    declared(
      ['name'],
      ({ name }) => (name === '' ? null : name),
      'only system and app images have a name; images of different architectures share it',
    ),
  ),
  description: writableField(declared(['description'], ({ description }) => description)),
  kind: readOnlyField(declared(['type'], ({ type }) => toKind(type))),
  status: readOnlyField(
    declared(
      ['status', 'deleted'],
      ({ status, deleted }) => toStatus(status, deleted),
      'creating means pending; an image with a deletion date is deleted, whatever its status',
    ),
  ),
  providerStatus: readOnlyField(declared(['status'], ({ status }) => status)),
  visibility: readOnlyField(
    inferred(
      ['type'],
      ({ type }) => toVisibility(type),
      'system and app images are public; snapshots and backups are private to a project',
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
        `the family of the distribution in the label imago.property/os_distro, ${BY_TRANSFER}`,
      ),
      inferred(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toFamily(os_flavor)),
        `the family of the flavor; ${NOT_TRANSFERRED}`,
      ),
    ),
  ),
  'os.distro': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => distroOnLabel(labels),
        `the label imago.property/os_distro, converted to the os-release ID; ${BY_TRANSFER}`,
      ),
      declared(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toDistro(os_flavor)),
        `the flavor, converted to the os-release ID; the flavor unknown means no value; ${NOT_TRANSFERRED}`,
      ),
    ),
  ),
  'os.version': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => decodeLabel(labels?.['imago.property/os_version']),
        `the label imago.property/os_version, ${BY_TRANSFER}`,
      ),
      declared(
        ['labels', 'os_version'],
        ({ labels, os_version }) => unlessTransferred(labels, os_version === '' ? null : os_version),
        NOT_TRANSFERRED,
      ),
    ),
  ),
  'os.defaultUser': readOnlyField(
    declared(
      ['labels'],
      ({ labels }) => decodeLabel(labels?.['imago.property/os_admin_user']),
      `the label imago.property/os_admin_user, ${BY_TRANSFER}`,
    ),
  ),
  'size.stored': readOnlyField(inferred(['image_size'], ({ image_size }) => gigabytesToBytes(image_size), GB)),
  'size.virtual': readOnlyField(
    chooseFirst(
      declared(
        ['labels'],
        ({ labels }) => bytesWritten(labels),
        'the label imago-bytes: the bytes that a transfer of imago wrote; the disk itself is larger',
      ),
      inferred(['disk_size'], ({ disk_size }) => gigabytesToBytes(disk_size), GB),
    ),
  ),
  'size.minDisk': readOnlyField(
    inferred(
      ['disk_size'],
      ({ disk_size }) => gigabytesToBytes(disk_size),
      `${GB}; a server needs a disk at least as large as that of the image`,
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
      'deprecation.announced; in records from before September 2026: deprecated',
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
        'three months after deprecated: the rule of hcloud for records without deprecation.unavailable_after',
      ),
    ),
  ),
  origins: referenceField(declared(['created_from', 'bound_to'], toOrigins)),
  labels: writableField(declared(['labels'], ({ labels }) => labels)),
}
