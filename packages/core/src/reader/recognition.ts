import type { RejectionRemedy } from './drift.ts'
import { isJsonObject, type Dialect, type JsonObject, type DialectMatch } from './dialect.ts'
import { stackTitle } from './stack-records.ts'

/** A known shape of records that imago does not read. */
export interface ForeignShape {
  readonly recognize: (record: JsonObject) => boolean
  /** What the record is, and how to get the images instead. */
  readonly reason: string
}

/** The remedy for a record that may be from one of these providers. */
export const nameProvider = (...providers: readonly string[]): RejectionRemedy => ({
  remedy: 'name-provider',
  words: 'name the provider',
  providers,
})

/** The dialect of a record, or why it was not recognized. */
export type Recognition =
  | ({ readonly known: true; readonly provider: string; readonly dialect: Dialect } & DialectMatch)
  /** `foreign`: the record has a known shape that imago does not read. */
  | { readonly known: false; readonly foreign: boolean; readonly reason: string; readonly remedy?: RejectionRemedy }

const has = (record: JsonObject, ...keys: readonly string[]): boolean => keys.every((key) => Object.hasOwn(record, key))

/** Other files that are common next to image dumps, each recognized by keys that only it has. */
const FOREIGN: readonly ForeignShape[] = [
  {
    recognize: (record) => record['failed'] === true && 'msg' in record,
    reason: 'it is a failed result of Ansible, which contains no image',
  },
  {
    recognize: (record) => record['unreachable'] === true && 'msg' in record,
    reason: 'it is a result of Ansible for a host that was unreachable, which contains no image',
  },
  {
    recognize: (record) => record['version'] === 3 && Array.isArray(record['modules']),
    reason:
      'it is a Terraform state of version 3 (before Terraform 0.12): save it with a newer Terraform, or save the output of terraform show -json',
  },
  {
    recognize: (record) => stackTitle(record) === 'a Terraform state',
    reason: 'it is a Terraform state that contains no image',
  },
  {
    recognize: (record) => stackTitle(record) === 'a Terraform plan',
    reason: 'it is a Terraform plan whose prior state contains no image',
  },
  {
    recognize: (record) => stackTitle(record) === 'a Pulumi stack',
    reason: 'it is a Pulumi stack that contains no image',
  },
  {
    recognize: (record) => Array.isArray(record['builds']) && 'last_run_uuid' in record,
    reason:
      'it is a Packer manifest, which names images but does not describe them: list the images with the cloud’s client',
  },
  {
    recognize: (record) => has(record, 'artifact_id', 'builder_type'),
    reason:
      'it is a build of a Packer manifest, which names an image but does not describe it: list the images with the cloud’s client',
  },
  {
    recognize: (record) => has(record, 'builders') || has(record, 'provisioners'),
    reason: 'it is a Packer template, which contains no image',
  },
  {
    recognize: (record) => has(record, 'Images') && Array.isArray(record['Images']),
    reason: 'it is a list of Amazon EC2 images: a provider for EC2 is required',
  },
  {
    recognize: (record) => typeof record['kind'] === 'string' && record['kind'].startsWith('compute#'),
    reason: 'it is a resource of Google Compute Engine: a provider for it is required',
  },
  {
    recognize: (record) => typeof record['id'] === 'string' && record['id'].startsWith('/subscriptions/'),
    reason: 'it is a resource of Azure: a provider for it is required',
  },
  {
    recognize: (record) => has(record, 'fingerprint', 'architecture') || has(record, 'fingerprint', 'update_source'),
    reason: 'it is an image of LXD or Incus: a provider for them is required',
  },
  {
    recognize: (record) =>
      record['datatype'] === 'image-downloads' || (has(record, 'products') && record['format'] === 'products:1.0'),
    reason: 'it is a Simple Streams index, which lists downloads, not cloud images',
  },
  {
    recognize: (record) => has(record, 'distribution', 'slug', 'regions'),
    reason: 'it is an image of DigitalOcean: a provider for it is required',
  },
  {
    recognize: (record) => has(record, 'bomFormat') || has(record, 'spdxVersion'),
    reason: 'it is a software bill of materials, which contains no image',
  },
  {
    recognize: (record) => has(record, 'apiVersion', 'kind'),
    reason: 'it is a Kubernetes manifest, which contains no machine image',
  },
  {
    recognize: (record) => has(record, 'services') && isJsonObject(record['services']),
    reason: 'it is a Compose file, which contains no machine image',
  },
  {
    recognize: (record) => isJsonObject(record['clouds']),
    reason: 'it is a cloud configuration (clouds.yaml), which contains no image',
  },
  {
    recognize: (record) => isJsonObject(record['error']) && has(record['error'] as JsonObject, 'message'),
    reason: 'it is an error response of an API, not an image',
  },
  {
    recognize: (record) =>
      has(record, 'packages') || has(record, 'runcmd') || has(record, 'write_files') || has(record, 'autoinstall'),
    reason: 'it is a cloud-init configuration, which contains no image',
  },
  {
    recognize: (record) =>
      'RepoTags' in record ||
      'RepoDigests' in record ||
      'mediaType' in record ||
      ('schemaVersion' in record && ('layers' in record || 'manifests' in record)),
    reason: 'it is a container image (OCI or Docker), not a machine image',
  },
  {
    recognize: (record) => typeof record['ImageId'] === 'string',
    reason: 'it is an Amazon EC2 image: a provider for EC2 is required',
  },
]

/** A successful recognition. */
export type Claim = Extract<Recognition, { readonly known: true }>

/** Recognizes records of one provider. Clients' dialects are tried before the API's own, which they resemble. */
export interface Recognizer {
  /** Returns the recognition, or `null`. Runs for every record of a dump, and allocates nothing. */
  readonly claim: (record: unknown) => Claim | null
  /** Returns the recognition, or why the record is not from this provider. */
  readonly recognize: (record: unknown) => Recognition
  /** Returns the dialect of an unmarked record whose provider is given. */
  readonly findDialect: (record: unknown) => Dialect
}

const NO_OBJECT: Recognition = { known: false, foreign: false, reason: 'it is not a JSON object' }
/** The reason for a record that no reader recognizes. */
export const UNRECOGNIZED_REASON = 'not a recognized image record'
const UNMARKED: Recognition = { known: false, foreign: false, reason: UNRECOGNIZED_REASON }

export const createRecognizer = (
  provider: string,
  [api, ...clients]: readonly [Dialect, ...Dialect[]],
  foreign: readonly ForeignShape[],
): Recognizer => {
  // Claims have no state, so each is created only once.
  const ordered = [...clients, api].map((dialect) => ({ dialect, claims: new Map<DialectMatch, Claim>() }))
  const shapes = [...foreign, ...FOREIGN]
  const claim = (record: unknown): Claim | null => {
    if (!isJsonObject(record)) return null
    let likely: Claim | null = null
    for (const { dialect, claims } of ordered) {
      const match = dialect.recognize(record)
      if (match === null) continue
      let made = claims.get(match)
      if (made === undefined) {
        made = { known: true, provider, dialect, ...match }
        claims.set(match, made)
      }
      if (made.certainty === 'certain') return made
      likely ??= made
    }
    return likely
  }
  const resembles = (record: unknown): Dialect | null =>
    isJsonObject(record) ? (clients.find((dialect) => dialect.resembles?.(record) === true) ?? null) : null
  const refuse = (record: unknown): Recognition => {
    if (!isJsonObject(record)) return NO_OBJECT
    const shape = shapes.find((candidate) => candidate.recognize(record))
    if (shape !== undefined) return { known: false, foreign: true, reason: shape.reason }
    const resembled = resembles(record)
    if (resembled === null) return UNMARKED
    const remedy = nameProvider(provider)
    return {
      known: false,
      foreign: false,
      reason: `it may be from ${resembled.title}, but is not a recognized image record: ${remedy.words}`,
      remedy,
    }
  }
  return {
    claim,
    recognize: (record) => claim(record) ?? refuse(record),
    findDialect: (record) => resembles(record) ?? api,
  }
}
