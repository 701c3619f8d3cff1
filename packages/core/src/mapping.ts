import { emptyOf, FIELDS, FIELD_NAMES, type FieldName, type ImageFields } from './image/field.ts'
import type { Image } from './image/image.ts'
import type { Evidence, FieldClass, FieldMapping, Rule, Step } from './rule.ts'

/**
 * How a provider's wire records become images: for each field the rule that fills it. A field without a rule is one that the provider never says.
 * `normalize`, `explain`, the field reference and the field classes all come from this one table.
 */
export type ImageMapping<W> = { readonly [F in FieldName]?: FieldMapping<W, ImageFields[F]> } & { readonly 'ref.id': FieldMapping<W, string> }

/** Where a record was found: what the record itself cannot say. */
export interface Whereabouts {
  readonly cloud: string | null
  readonly region: string | null
}

/** Maps a wire record. Total. */
export type Normalize<W> = (wire: W, where: Whereabouts, raw: unknown) => Image

type Fill<W, A> = (wire: W) => A

const fillOf = <W, A>(rule: Rule<W, A>, empty: A): Fill<W, A> => {
  const [first, ...others] = rule
  if (first === undefined) return () => empty
  const { from } = first
  if (others.length === 0) return (wire) => from(wire) ?? empty
  return (wire) => {
    let value = from(wire)
    for (let index = 0; index < others.length && (value === null || value === undefined); index++) value = (others[index] as Step<W, A>).from(wire)
    return value ?? empty
  }
}

// Where a provider never says either of two fields, all its images share one object that says so: a third of an image's size is small objects.
const NO_BOOT: Image['boot'] = Object.freeze({ firmware: null, secureBoot: null })
const NO_FORMAT: Image['format'] = Object.freeze({ disk: null, container: null })

const bootOf = <W>(mapping: ImageMapping<W>, firmware: Fill<W, never>, secureBoot: Fill<W, never>): Fill<W, Image['boot']> =>
  mapping['boot.firmware'] === undefined && mapping['boot.secureBoot'] === undefined ? () => NO_BOOT : (wire) => ({ firmware: firmware(wire), secureBoot: secureBoot(wire) })

const formatOf = <W>(mapping: ImageMapping<W>, disk: Fill<W, never>, container: Fill<W, never>): Fill<W, Image['format']> =>
  mapping['format.disk'] === undefined && mapping['format.container'] === undefined ? () => NO_FORMAT : (wire) => ({ disk: disk(wire), container: container(wire) })

/** Compiles a mapping. The image is built in one literal, so that all images have one shape and reading them stays fast. */
export const normalizerOf = <W>(provider: string, mapping: ImageMapping<W>): Normalize<W> => {
  const fill = (field: FieldName): Fill<W, never> => fillOf((mapping[field]?.rule ?? []) as Rule<W, never>, emptyOf(field) as never)
  const id = fill('ref.id')
  const name = fill('name')
  const description = fill('description')
  const kind = fill('kind')
  const status = fill('status')
  const providerStatus = fill('providerStatus')
  const visibility = fill('visibility')
  const hidden = fill('hidden')
  const owner = fill('owner')
  const isProtected = fill('protected')
  const rapidDeploy = fill('rapidDeploy')
  const architecture = fill('architecture')
  const osFamily = fill('os.family')
  const osDistro = fill('os.distro')
  const osVersion = fill('os.version')
  const osDefaultUser = fill('os.defaultUser')
  const boot = bootOf(mapping, fill('boot.firmware'), fill('boot.secureBoot'))
  const format = formatOf(mapping, fill('format.disk'), fill('format.container'))
  const sizeStored = fill('size.stored')
  const sizeVirtual = fill('size.virtual')
  const sizeMinDisk = fill('size.minDisk')
  const sizeMinRam = fill('size.minRam')
  const digests = fill('digests')
  const createdAt = fill('createdAt')
  const updatedAt = fill('updatedAt')
  const deletedAt = fill('deletedAt')
  const deprecatedAt = fill('deprecatedAt')
  const unavailableAfter = fill('unavailableAfter')
  const origins = fill('origins')
  const stores = fill('stores')
  const labels = fill('labels')
  const tags = fill('tags')
  const properties = fill('properties')
  return (wire, where, raw) => ({
    ref: { provider, cloud: where.cloud, region: where.region, id: id(wire) },
    name: name(wire),
    description: description(wire),
    kind: kind(wire),
    status: status(wire),
    providerStatus: providerStatus(wire),
    visibility: visibility(wire),
    hidden: hidden(wire),
    owner: owner(wire),
    protected: isProtected(wire),
    rapidDeploy: rapidDeploy(wire),
    architecture: architecture(wire),
    os: { family: osFamily(wire), distro: osDistro(wire), version: osVersion(wire), defaultUser: osDefaultUser(wire) },
    boot: boot(wire),
    format: format(wire),
    size: { stored: sizeStored(wire), virtual: sizeVirtual(wire), minDisk: sizeMinDisk(wire), minRam: sizeMinRam(wire) },
    digests: digests(wire),
    createdAt: createdAt(wire),
    updatedAt: updatedAt(wire),
    deletedAt: deletedAt(wire),
    deprecatedAt: deprecatedAt(wire),
    unavailableAfter: unavailableAfter(wire),
    origins: origins(wire),
    stores: stores(wire),
    labels: labels(wire),
    tags: tags(wire),
    properties: properties(wire),
    raw,
  })
}

/** What a rule came to for one record: the deciding step, if any, and the evidence it gives. */
export interface Verdict<W> {
  readonly value: unknown
  readonly evidence: Evidence
  readonly step: Step<W, unknown> | null
}

/** Follows the rule of `field` for one wire record, as `normalizerOf` does, and tells which step decided. */
export const judge = <W>(mapping: ImageMapping<W>, field: FieldName, wire: W): Verdict<W> => {
  const rule = mapping[field]?.rule as Rule<W, unknown> | undefined
  if (rule === undefined) return { value: emptyOf(field), evidence: 'unsupported', step: null }
  let none: Step<W, unknown> | null = null
  for (const step of rule) {
    const value = step.from(wire)
    if (value !== null && value !== undefined) return { value, evidence: step.evidence, step }
    if (value === null) none ??= step
  }
  return { value: emptyOf(field), evidence: none === null ? 'unknown' : 'declared', step: none }
}

/** One line of the field reference of a provider. */
export interface FieldReference {
  readonly field: FieldName
  readonly type: string
  readonly meaning: string
  readonly provider: string
  /** `null`: the provider never says it. */
  readonly class: FieldClass | null
  /** How it is filled, best first; empty where the provider never says it. */
  readonly steps: readonly { readonly evidence: Evidence; readonly reads: readonly string[]; readonly why: string }[]
}

/** The field reference of a provider: derived from its mapping, in the order of `FIELDS`. */
export const fieldReferenceOf = <W>(provider: string, mapping: ImageMapping<W>): readonly FieldReference[] =>
  FIELD_NAMES.map((field) => {
    const mapped = mapping[field] as FieldMapping<W, unknown> | undefined
    return {
      field,
      ...FIELDS[field],
      provider,
      class: mapped?.class ?? null,
      steps: (mapped?.rule ?? []).map(({ evidence, reads, why }) => ({ evidence, reads, why })),
    }
  })
