import { createHash } from 'node:crypto'
import { FIELD_NAMES, type NewImage, type VerificationLevel } from '@imago/core'
import { translateMetadata, type TranslatedMetadata } from '../metadata/translate.ts'
import { describeMachine } from '../metadata/machine-description.ts'
import type { FieldDisposition } from '../metadata/disposition.ts'
import { combineRules } from '../metadata/rules.ts'
import { readTargetSupport, type TargetSupport } from '../metadata/target-support.ts'
import { estimateTransfer } from './estimate.ts'
import { maskUrl } from '../bytes/mask-url.ts'
import { readSourceSize, readSourceFacts, planFormat, returnsRawDisks, isPacked, selectUploadMethod } from './format.ts'
import { runPreflightChecks } from './preflight-checks.ts'
import {
  PLAN_SCHEMA,
  type PreflightCheck,
  type Plan,
  type PlanFormat,
  type PlanSource,
  type PlanTarget,
} from './plan.ts'
import { planSteps } from './steps.ts'
import { computeChecksum, computePlanId } from './uuid.ts'
import type { TransferSource, TransferTarget, TransferOverrides, TransferRates } from './transfer-input.ts'

/** 50 MB/s over the network, 200 MB/s here. */
export const DEFAULT_RATES: TransferRates = { download: 50e6, upload: 50e6, local: 200e6 }

const NOTHING: TargetSupport = {
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

const planSource = (source: TransferSource): PlanSource => {
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
    exact: !returnsRawDisks(source),
  }
}

const planTarget = (target: TransferTarget, { store }: TransferOverrides): PlanTarget =>
  target.kind === 'file'
    ? { kind: 'file', path: target.path }
    : { kind: 'cloud', cloud: target.cloud, by: selectUploadMethod(target) ?? 'upload', store: store ?? null }

/** What the source is called, without what files are called by. */
const fallbackName = (source: TransferSource): string => {
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
export const bestVerification = (
  source: TransferSource,
  target: TransferTarget,
  format: PlanFormat,
): VerificationLevel => {
  if (
    target.kind === 'cloud' &&
    (selectUploadMethod(target) === 'createFromBytes' || target.capabilities.digests.length > 0)
  )
    return 'digest-match'
  const isDeclared =
    !format.convert &&
    !isPacked(format) &&
    source.kind === 'image' &&
    !returnsRawDisks(source) &&
    source.image.digests.some(({ of }) => of === 'stored')
  if (target.kind === 'file') return isDeclared ? 'digest-declared' : 'digest-match'
  return isDeclared ? 'digest-declared' : 'size-match'
}

const formatFates = (
  source: TransferSource,
  target: TransferTarget,
  { from, to, virtualSize, archive }: PlanFormat,
): readonly FieldDisposition[] => {
  const row = (
    field: FieldDisposition['field'],
    disposition: FieldDisposition['disposition'],
    was: string | null,
    will: string | null,
    why: string | null,
  ): FieldDisposition => ({ field, entry: null, disposition: disposition, from: was, to: will, reason: why })
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
        : container === 'bare' || selectUploadMethod(target) === 'upload'
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

const inOrder = (dispositions: readonly FieldDisposition[]): readonly FieldDisposition[] =>
  FIELD_NAMES.flatMap((field) => dispositions.filter((one) => one.field === field))

const lostToFile = ({ dispositions }: TranslatedMetadata): readonly FieldDisposition[] =>
  dispositions
    .map((disposition): FieldDisposition =>
      disposition.from === null
        ? { ...disposition, disposition: 'lost', to: null }
        : { ...disposition, disposition: 'lost', to: null, reason: 'a file holds bytes, and nothing else' },
    )
    .filter(({ from }) => from !== null)

/** What the run refuses to begin with. */
export const findBlockers = ({ checks }: Pick<Plan, 'checks'>): readonly PreflightCheck[] =>
  checks.filter(({ effect }) => effect === 'blocks')

/**
 * What decides what is moved where, and as what; the id of a plan is made of it. Of checks, the names of those that block: their words tell numbers that vary, as
 * a quota does, and of those that only warn it varies whether they are there. A plan that nothing blocks keeps its id whatever there is to warn of.
 */
export const selectIdentity = ({
  source,
  target,
  format,
  request,
  finalSettings,
  checks,
  verification,
}: Pick<Plan, 'source' | 'target' | 'format' | 'request' | 'finalSettings' | 'checks' | 'verification'>): unknown => ({
  source,
  target,
  format,
  request,
  finish: finalSettings,
  verification,
  blocked: [...new Set(findBlockers({ checks }).map(({ check }) => check))].sort(),
})

/** A plan with its checksum. */
const checked = (plan: Omit<Plan, 'checksum'>): Plan => ({ ...plan, checksum: computeChecksum(plan) })

/**
 * How `source` gets to `target`. Pure, total, deterministic: asks nobody, and looks at no clock. What stands in the way is among its checks.
 */
export const planTransfer = (
  source: TransferSource,
  target: TransferTarget,
  wishes: TransferOverrides = {},
  rates: TransferRates = DEFAULT_RATES,
): Plan => {
  const format = planFormat(source, target, wishes)
  const image = source.kind === 'image' ? source.image : null
  const takes = target.kind === 'cloud' ? readTargetSupport(target.capabilities) : NOTHING
  const machine = format.archive?.machine ?? null
  const described =
    machine === null ? null : describeMachine(machine, readSourceFacts(source)?.archive?.capacity ?? null)
  const told = translateMetadata(
    image,
    {
      support: takes,
      rules: combineRules(
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
          ...(selectUploadMethod(target) === 'upload' && image !== null && container !== null && container !== undefined
            ? { containerFormat: container }
            : {}),
        }
  const isUntouched = !format.convert && !isPacked(format)
  const read = readSourceSize(source)
  const sent = isUntouched ? read : format.to === 'raw' ? format.virtualSize : null
  const verification = bestVerification(source, target, format)
  const steps = planSteps({ source, target, format, finish: told.finish, sent, rates })
  const layers = [
    source.kind === 'file' ? 0 : read,
    isPacked(format) ? format.virtualSize : 0,
    format.convert ? (format.to === 'raw' ? format.virtualSize : null) : 0,
  ]
  const spoolBytes = layers.reduce((all, one) => (all === null || one === null ? null : all + one), 0 as number | null)
  const needed: readonly FieldDisposition[] =
    selectUploadMethod(target) === 'createFromBytes' && architecture === null
      ? [
          {
            field: 'architecture',
            entry: null,
            disposition: 'needed',
            from: null,
            to: null,
            reason: 'say for which architecture the image is',
          },
        ]
      : []
  const { sourceDigests = [] } = wishes
  const planned = { ...planSource(source), ...(sourceDigests.length === 0 ? {} : { expected: sourceDigests }) }
  const checks = runPreflightChecks({
    source,
    target,
    overrides: wishes,
    format,
    request,
    architecture,
    sent,
    verification,
  })
  const parts = {
    source: planned,
    target: planTarget(target, wishes),
    format,
    request,
    finalSettings: told.finish,
    checks,
    verification,
  }
  return checked({
    $schema: PLAN_SCHEMA,
    id: computePlanId(selectIdentity(parts)),
    ...parts,
    fields: inOrder([
      ...(target.kind === 'file' ? lostToFile(told) : told.dispositions),
      ...formatFates(source, target, format),
      ...needed,
    ]),
    steps,
    estimate: estimateTransfer(source, target, steps, spoolBytes),
  })
}
