import { createHash } from 'node:crypto'
import { FIELD_NAMES, type NewImage, type VerificationLevel } from '@imago/core'
import { carried, type Carried } from '../carry/carried.ts'
import { describedBy } from '../carry/described.ts'
import type { FieldFate } from '../carry/field-fate.ts'
import { bothRules } from '../carry/rules.ts'
import { takesOf, type Takes } from '../carry/takes.ts'
import { estimateOf } from './estimate.ts'
import { maskUrl } from '../bytes/mask-url.ts'
import { bytesOfSource, factsOf, formatFor, givesDisks, isPacked, wayInto } from './format.ts'
import { gatesFor } from './gates.ts'
import { PLAN_SCHEMA, type Gate, type Plan, type PlanFormat, type PlanSource, type PlanTarget } from './plan.ts'
import { stepsFor } from './steps.ts'
import { checksumOf, planIdOf } from './uuid.ts'
import type { MoveSource, MoveTarget, MoveWishes, Rates } from './wishes.ts'

/** 50 MB/s over the network, 200 MB/s here. */
export const USUAL_RATES: Rates = { download: 50e6, upload: 50e6, local: 200e6 }

const NOTHING: Takes = {
  name: false,
  labels: false,
  tags: false,
  properties: false,
  minDisk: false,
  minRam: false,
  visibility: false,
  protect: false,
  hide: false,
}

/** Too short to find a query by, long enough to tell a few apart. */
const FINGERPRINT = 8

const queryOf = (url: string): { readonly query?: string } => {
  const search = URL.canParse(url) ? new URL(url).search : ''
  return search === '' ? {} : { query: createHash('sha256').update(search).digest('hex').slice(0, FINGERPRINT) }
}

const planSource = (source: MoveSource): PlanSource => {
  if (source.kind === 'file')
    return { kind: 'file', path: source.path, size: source.size, modifiedAt: source.modifiedAt }
  if (source.kind === 'url')
    return {
      kind: 'url',
      url: maskUrl(source.url),
      size: source.size,
      etag: source.etag,
      ...(source.etag === null ? queryOf(source.url) : {}),
    }
  const { ref, name, updatedAt, size, digests } = source.image
  return {
    kind: 'image',
    ref,
    name,
    updatedAt,
    size: size.stored,
    digests: digests.filter(({ of }) => of === 'stored'),
    exact: !givesDisks(source),
  }
}

const planTarget = (target: MoveTarget, { store }: MoveWishes): PlanTarget =>
  target.kind === 'file'
    ? { kind: 'file', path: target.path }
    : { kind: 'cloud', cloud: target.cloud, by: wayInto(target) ?? 'upload', store: store ?? null }

/** What the source is called, without what files are called by. */
const fallbackName = (source: MoveSource): string => {
  if (source.kind === 'image') return source.image.name ?? source.image.ref.id
  const path = source.kind === 'file' ? source.path : maskUrl(source.url).replace(/\?…$/, '')
  const base = path.split(/[/\\]/).at(-1) ?? ''
  const stem = base
    .replace(/\.(?:gz|gzip|xz|zst|zstd|bz2|bzip2)$/i, '')
    .replace(/\.(?:tar|ova|tgz|txz|tzst|tbz2?)$/i, '')
    .replace(/\.(?:raw|img|qcow2|vmdk|vdi|vhd|vhdx|iso)$/i, '')
  return stem === '' ? 'image' : stem
}

/** Digests of what is sent are those of the source only where nothing is done to it. */
export const bestVerification = (source: MoveSource, target: MoveTarget, format: PlanFormat): VerificationLevel => {
  if (target.kind === 'cloud' && (wayInto(target) === 'createFromBytes' || target.capabilities.digests.length > 0))
    return 'digest-match'
  const isDeclared =
    !format.convert &&
    !isPacked(format) &&
    source.kind === 'image' &&
    !givesDisks(source) &&
    source.image.digests.some(({ of }) => of === 'stored')
  if (target.kind === 'file') return isDeclared ? 'digest-declared' : 'digest-match'
  return isDeclared ? 'digest-declared' : 'size-match'
}

const formatFates = (
  source: MoveSource,
  target: MoveTarget,
  { from, to, virtualSize, archive }: PlanFormat,
): readonly FieldFate[] => {
  const row = (
    field: FieldFate['field'],
    fate: FieldFate['fate'],
    was: string | null,
    will: string | null,
    why: string | null,
  ): FieldFate => ({ field, entry: null, fate, from: was, to: will, why })
  const container = source.kind === 'image' ? source.image.format.container : null
  const disk =
    from === null
      ? row('format.disk', 'needed', null, null, 'say which disk format the source has')
      : to === from
        ? row('format.disk', 'kept', from, to, null)
        : row('format.disk', 'translated', from, to, 'the target takes another, or another was asked for')
  const rows = [disk]
  if (container !== null)
    rows.push(
      archive !== undefined
        ? row('format.container', 'translated', container, 'bare', 'the disk in it is taken out')
        : container === 'bare' || wayInto(target) === 'upload'
          ? row('format.container', 'kept', container, container, null)
          : row('format.container', 'lost', container, null, 'the target keeps disks'),
    )
  if (virtualSize !== null) rows.push(row('size.virtual', 'kept', String(virtualSize), String(virtualSize), null))
  if (source.kind === 'image' && source.image.digests.length > 0) {
    const said = source.image.digests.map(({ algorithm, value }) => `${algorithm}:${value}`).join(', ')
    rows.push(row('digests', 'lost', said, null, 'what arrives is compared with them; the target’s are its own'))
  }
  return rows
}

const inOrder = (fates: readonly FieldFate[]): readonly FieldFate[] =>
  FIELD_NAMES.flatMap((field) => fates.filter((one) => one.field === field))

const lostToFile = ({ fates }: Carried): readonly FieldFate[] =>
  fates
    .map((fate): FieldFate =>
      fate.from === null
        ? { ...fate, fate: 'lost', to: null }
        : { ...fate, fate: 'lost', to: null, why: 'a file holds bytes, and nothing else' },
    )
    .filter(({ from }) => from !== null)

/** What the run refuses to begin with. */
export const blockersOf = ({ gates }: Pick<Plan, 'gates'>): readonly Gate[] =>
  gates.filter(({ verdict }) => verdict === 'blocks')

/**
 * What decides what is moved where, and as what; the id of a plan is made of it. Of gates, the names of those that block: their words tell numbers that vary, as
 * a quota does, and of those that only warn it varies whether they are there. A plan that nothing blocks keeps its id whatever there is to warn of.
 */
export const decisiveOf = ({
  source,
  target,
  format,
  request,
  finish,
  gates,
  verification,
}: Pick<Plan, 'source' | 'target' | 'format' | 'request' | 'finish' | 'gates' | 'verification'>): unknown => ({
  source,
  target,
  format,
  request,
  finish,
  verification,
  blocked: [...new Set(blockersOf({ gates }).map(({ gate }) => gate))].sort(),
})

/** A plan with its checksum. */
const checked = (plan: Omit<Plan, 'checksum'>): Plan => ({ ...plan, checksum: checksumOf(plan) })

/**
 * How `source` gets to `target`. Pure, total, deterministic: asks nobody, and looks at no clock. What stands in the way is among its gates.
 */
export const planMove = (
  source: MoveSource,
  target: MoveTarget,
  wishes: MoveWishes = {},
  rates: Rates = USUAL_RATES,
): Plan => {
  const format = formatFor(source, target, wishes)
  const image = source.kind === 'image' ? source.image : null
  const takes = target.kind === 'cloud' ? takesOf(target.capabilities) : NOTHING
  const machine = format.archive?.machine ?? null
  const described = machine === null ? null : describedBy(machine, factsOf(source)?.archive?.capacity ?? null)
  const told = carried(
    image,
    {
      takes,
      rules: bothRules(
        source.kind === 'image' ? source.capabilities : null,
        target.kind === 'cloud' ? target.capabilities : null,
      ),
      isConverted: format.convert,
    },
    wishes,
    fallbackName(source),
    described,
  )
  const architecture = wishes.architecture ?? image?.architecture ?? described?.architecture ?? null
  const container = format.archive === undefined ? image?.format.container : 'bare'
  const request: NewImage | null =
    target.kind === 'file'
      ? null
      : {
          ...told.request,
          diskFormat: format.to ?? 'raw',
          ...(wayInto(target) === 'upload' && image !== null && container !== null && container !== undefined
            ? { containerFormat: container }
            : {}),
        }
  const isUntouched = !format.convert && !isPacked(format)
  const read = bytesOfSource(source)
  const sent = isUntouched ? read : format.to === 'raw' ? format.virtualSize : null
  const verification = bestVerification(source, target, format)
  const steps = stepsFor({ source, target, format, finish: told.finish, sent, rates })
  const layers = [
    source.kind === 'file' ? 0 : read,
    isPacked(format) ? format.virtualSize : 0,
    format.convert ? (format.to === 'raw' ? format.virtualSize : null) : 0,
  ]
  const spoolBytes = layers.reduce((all, one) => (all === null || one === null ? null : all + one), 0 as number | null)
  const needed: readonly FieldFate[] =
    wayInto(target) === 'createFromBytes' && architecture === null
      ? [
          {
            field: 'architecture',
            entry: null,
            fate: 'needed',
            from: null,
            to: null,
            why: 'say for which architecture the image is',
          },
        ]
      : []
  const { sourceDigests = [] } = wishes
  const planned = { ...planSource(source), ...(sourceDigests.length === 0 ? {} : { expected: sourceDigests }) }
  const gates = gatesFor({ source, target, wishes, format, request, architecture, sent, verification })
  const parts = {
    source: planned,
    target: planTarget(target, wishes),
    format,
    request,
    finish: told.finish,
    gates,
    verification,
  }
  return checked({
    $schema: PLAN_SCHEMA,
    id: planIdOf(decisiveOf(parts)),
    ...parts,
    fields: inOrder([
      ...(target.kind === 'file' ? lostToFile(told) : told.fates),
      ...formatFates(source, target, format),
      ...needed,
    ]),
    steps,
    estimate: estimateOf(source, target, steps, spoolBytes),
  })
}
