import { firstOf, identity, readOnly, reference, replayable, ruleWords, type ImageMapping } from '@imago/core'
import type { HetznerImage } from '@imago/schema-hetzner/image'
import { architectureByAge, toArchitecture } from './architecture.ts'
import { deprecatedAt, instantOf, threeMonthsAfterDeprecation } from './deprecation.ts'
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

const { declared, inferred, assumed } = ruleWords<HetznerImage>()

const GB = 'a Hetzner GB is 1.024e9 bytes'
const CARRIED = 'which a transfer by imago writes'
const HELPER = 'not where a transfer by imago made the snapshot: then it is the temporary server’s'

/** How a Hetzner image becomes an `Image`: everything that imago says of one, it says by this table. */
export const hetznerMapping: ImageMapping<HetznerImage> = {
  'ref.id': identity(declared(['id'], ({ id }) => String(id))),
  name: readOnly(
    declared(
      ['name'],
      ({ name }) => (name === '' ? null : name),
      'set for system and app images; one name stands for one image per architecture',
    ),
  ),
  description: replayable(declared(['description'], ({ description }) => description)),
  kind: readOnly(declared(['type'], ({ type }) => toKind(type))),
  status: readOnly(
    declared(
      ['status', 'deleted'],
      ({ status, deleted }) => toStatus(status, deleted),
      'creating is pending; a deleted date outranks the word',
    ),
  ),
  providerStatus: readOnly(declared(['status'], ({ status }) => status)),
  visibility: readOnly(
    inferred(
      ['type'],
      ({ type }) => toVisibility(type),
      'system and app images are everyone’s; snapshots and backups belong to one project',
    ),
  ),
  protected: replayable(
    declared(['protection'], ({ protection }) => (protection === null ? null : protection?.delete)),
  ),
  rapidDeploy: readOnly(declared(['rapid_deploy'], ({ rapid_deploy }) => rapid_deploy)),
  architecture: readOnly(
    firstOf(
      declared(['architecture'], ({ architecture }) => toArchitecture(architecture), 'x86 is x86_64, arm is aarch64'),
      inferred(['created'], ({ created }) => architectureByAge(created), 'Hetzner had no Arm images before 2023'),
    ),
  ),
  'os.family': readOnly(
    firstOf(
      declared(['labels'], ({ labels }) => familyOnLabel(labels), `the label imago.property/os_type, ${CARRIED}`),
      inferred(
        ['labels'],
        ({ labels }) => familyOfDistroOnLabel(labels),
        `the family of the label imago.property/os_distro, by the crosswalk; ${CARRIED}`,
      ),
      inferred(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toFamily(os_flavor)),
        `the family of the flavor, by the crosswalk; ${HELPER}`,
      ),
    ),
  ),
  'os.distro': readOnly(
    firstOf(
      declared(
        ['labels'],
        ({ labels }) => distroOnLabel(labels),
        `the label imago.property/os_distro as os-release ID, by the crosswalk; ${CARRIED}`,
      ),
      declared(
        ['labels', 'os_flavor'],
        ({ labels, os_flavor }) => unlessTransferred(labels, toDistro(os_flavor)),
        `the flavor as os-release ID, by the crosswalk; unknown is no value; ${HELPER}`,
      ),
    ),
  ),
  'os.version': readOnly(
    firstOf(
      declared(
        ['labels'],
        ({ labels }) => propertyLabel(labels, 'os_version'),
        `the label imago.property/os_version, ${CARRIED}`,
      ),
      declared(
        ['labels', 'os_version'],
        ({ labels, os_version }) => unlessTransferred(labels, os_version === '' ? null : os_version),
        HELPER,
      ),
    ),
  ),
  'os.defaultUser': readOnly(
    declared(
      ['labels'],
      ({ labels }) => propertyLabel(labels, 'os_admin_user'),
      `the label imago.property/os_admin_user, ${CARRIED}`,
    ),
  ),
  'size.stored': readOnly(inferred(['image_size'], ({ image_size }) => gigabytesToBytes(image_size), GB)),
  'size.virtual': readOnly(
    firstOf(
      declared(
        ['labels'],
        ({ labels }) => bytesWritten(labels),
        'the label imago-bytes: a transfer by imago wrote that many to the disk, which is larger',
      ),
      inferred(['disk_size'], ({ disk_size }) => gigabytesToBytes(disk_size), GB),
    ),
  ),
  'size.minDisk': readOnly(
    inferred(
      ['disk_size'],
      ({ disk_size }) => gigabytesToBytes(disk_size),
      `${GB}; a server needs a disk as large as the image’s`,
    ),
  ),
  'size.minRam': readOnly(
    declared(['labels'], ({ labels }) => minRamLabel(labels), `the label imago.field/min-ram, ${CARRIED}`),
  ),
  createdAt: readOnly(declared(['created'], ({ created }) => instantOf(created))),
  deletedAt: readOnly(declared(['deleted'], ({ deleted }) => instantOf(deleted))),
  deprecatedAt: readOnly(
    declared(
      ['deprecation', 'deprecated'],
      deprecatedAt,
      'deprecation.announced since September 2026, deprecated before',
    ),
  ),
  unavailableAfter: readOnly(
    firstOf(
      declared(['deprecation'], ({ deprecation }) =>
        deprecation === null ? null : instantOf(deprecation?.unavailable_after),
      ),
      assumed(
        ['deprecated'],
        ({ deprecated }) => threeMonthsAfterDeprecation(deprecated),
        'three months after deprecated, as hcloud counted before deprecation.unavailable_after came',
      ),
    ),
  ),
  origins: reference(declared(['created_from', 'bound_to'], toOrigins)),
  labels: replayable(declared(['labels'], ({ labels }) => labels)),
}
