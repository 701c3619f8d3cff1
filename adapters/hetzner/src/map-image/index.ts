import { firstOf, identity, readOnly, reference, replayable, ruleWords, type ImageMapping } from '@imago/core'
import type { HetznerImage } from '@imago/schema-hetzner/image'
import { architectureByAge, toArchitecture } from './architecture.ts'
import { deprecatedAt, instantOf, threeMonthsAfterDeprecation } from './deprecation.ts'
import { toKind, toVisibility } from './kind.ts'
import { toDistro, toFamily } from './operating-system.ts'
import { toOrigins } from './origins.ts'
import { gigabytesToBytes } from './size.ts'
import { toStatus } from './status.ts'

const { declared, inferred, assumed } = ruleWords<HetznerImage>()

const GB = 'a Hetzner GB is 1.024e9 bytes'

/** How a Hetzner image becomes an `Image`: everything that imago says of one, it says by this table. */
export const hetznerMapping: ImageMapping<HetznerImage> = {
  'ref.id': identity(declared(['id'], ({ id }) => String(id))),
  name: readOnly(declared(['name'], ({ name }) => (name === '' ? null : name), 'set for system and app images; one name stands for one image per architecture')),
  description: replayable(declared(['description'], ({ description }) => description)),
  kind: readOnly(declared(['type'], ({ type }) => toKind(type))),
  status: readOnly(declared(['status', 'deleted'], ({ status, deleted }) => toStatus(status, deleted), 'creating is pending; a deleted date outranks the word')),
  providerStatus: readOnly(declared(['status'], ({ status }) => status)),
  visibility: readOnly(inferred(['type'], ({ type }) => toVisibility(type), 'system and app images are everyone’s; snapshots and backups belong to one project')),
  protected: replayable(declared(['protection'], ({ protection }) => (protection === null ? null : protection?.delete))),
  rapidDeploy: readOnly(declared(['rapid_deploy'], ({ rapid_deploy }) => rapid_deploy)),
  architecture: readOnly(
    firstOf(
      declared(['architecture'], ({ architecture }) => toArchitecture(architecture), 'x86 is x86_64, arm is aarch64'),
      inferred(['created'], ({ created }) => architectureByAge(created), 'Hetzner had no Arm images before 2023'),
    ),
  ),
  'os.family': readOnly(inferred(['os_flavor'], ({ os_flavor }) => toFamily(os_flavor), 'the family of the flavor, by the crosswalk')),
  'os.distro': readOnly(declared(['os_flavor'], ({ os_flavor }) => toDistro(os_flavor), 'the flavor as os-release ID, by the crosswalk; unknown is no value')),
  'os.version': readOnly(declared(['os_version'], ({ os_version }) => os_version)),
  'size.stored': readOnly(inferred(['image_size'], ({ image_size }) => gigabytesToBytes(image_size), GB)),
  'size.virtual': readOnly(inferred(['disk_size'], ({ disk_size }) => gigabytesToBytes(disk_size), GB)),
  'size.minDisk': readOnly(inferred(['disk_size'], ({ disk_size }) => gigabytesToBytes(disk_size), `${GB}; a server needs a disk as large as the image’s`)),
  createdAt: readOnly(declared(['created'], ({ created }) => instantOf(created))),
  deletedAt: readOnly(declared(['deleted'], ({ deleted }) => instantOf(deleted))),
  deprecatedAt: readOnly(declared(['deprecation', 'deprecated'], deprecatedAt, 'deprecation.announced since September 2026, deprecated before')),
  unavailableAfter: readOnly(
    firstOf(
      declared(['deprecation'], ({ deprecation }) => (deprecation === null ? null : instantOf(deprecation?.unavailable_after))),
      assumed(['deprecated'], ({ deprecated }) => threeMonthsAfterDeprecation(deprecated), 'three months after deprecated, as hcloud counted before deprecation.unavailable_after came'),
    ),
  ),
  origins: reference(declared(['created_from', 'bound_to'], toOrigins)),
  labels: replayable(declared(['labels'], ({ labels }) => labels)),
}
