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

/** 50 MB/s over the network, 200 MB/s on this machine. */
export const DEFAULT_RATES: TransferRates = { download: 50e6, upload: 50e6, local: 200e6 }

const NO_SUPPORT: TargetSupport = {
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

/** Hex digits: too few to reveal the query, enough to distinguish a few. */
const FINGERPRINT_LENGTH = 8

const fingerprintQuery = (url: string): { readonly query?: string } => {
  const search = URL.canParse(url) ? new URL(url).search : ''
  return search === '' ? {} : { query: createHash('sha256').update(search).digest('hex').slice(0, FINGERPRINT_LENGTH) }
}

const describeSource = (source: TransferSource): PlanSource => {
  if (source.kind === 'file')
    return { kind: 'file', path: source.path, size: source.size, modifiedAt: source.modifiedAt }
  if (source.kind === 'url')
    return {
      kind: 'url',
      url: maskUrl(source.url),
      size: source.size,
      etag: source.etag,
      ...(source.etag === null ? fingerprintQuery(source.url) : {}),
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

const describeTarget = (target: TransferTarget, { store }: TransferOverrides): PlanTarget =>
  target.kind === 'file'
    ? { kind: 'file', path: target.path }
    : { kind: 'cloud', cloud: target.cloud, by: selectUploadMethod(target) ?? 'upload', store: store ?? null }

/** The name or ID of an image, or a file name without its suffixes. */
const deriveName = (source: TransferSource): string => {
  if (source.kind === 'image') return source.image.name ?? source.image.ref.id
  const path = source.kind === 'file' ? source.path : maskUrl(source.url).replace(/\?…$/, '')
  const base = path.split(/[/\\]/).at(-1) ?? ''
  const stem = base
    .replace(/\.(?:gz|gzip|xz|zst|zstd|bz2|bzip2)$/i, '')
    .replace(/\.(?:tar|ova|tgz|txz|tzst|tbz2?)$/i, '')
    .replace(/\.(?:raw|img|qcow2|vmdk|vdi|vhd|vhdx|iso)$/i, '')
  return stem === '' ? 'image' : stem
}

/** The best verification level possible. The digests of the source apply only to bytes that are sent unchanged. */
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

const translateFormat = (
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
      ? row('format.disk', 'needed', null, null, 'declare the disk format of the source')
      : to === from
        ? row('format.disk', 'kept', from, to, null)
        : row('format.disk', 'translated', from, to, 'converted to what the target requires, or as requested')
  const rows = [disk]
  if (container !== null)
    rows.push(
      archive !== undefined
        ? row('format.container', 'translated', container, 'bare', 'the disk is extracted')
        : container === 'bare' || selectUploadMethod(target) === 'upload'
          ? row('format.container', 'kept', container, container, null)
          : row('format.container', 'lost', container, null, 'the target stores disks'),
    )
  if (virtualSize !== null) rows.push(row('size.virtual', 'kept', String(virtualSize), String(virtualSize), null))
  if (source.kind === 'image' && source.image.digests.length > 0) {
    const declared = source.image.digests.map(({ algorithm, value }) => `${algorithm}:${value}`).join(', ')
    rows.push(row('digests', 'lost', declared, null, 'used to verify the download; the target computes its own'))
  }
  return rows
}

const sortByField = (dispositions: readonly FieldDisposition[]): readonly FieldDisposition[] =>
  FIELD_NAMES.flatMap((field) => dispositions.filter((one) => one.field === field))

const loseAll = ({ dispositions }: TranslatedMetadata): readonly FieldDisposition[] =>
  dispositions
    .map((disposition): FieldDisposition =>
      disposition.from === null
        ? { ...disposition, disposition: 'lost', to: null }
        : { ...disposition, disposition: 'lost', to: null, reason: 'a file has no metadata' },
    )
    .filter(({ from }) => from !== null)

/** The checks that block a plan. */
export const findBlockers = ({ checks }: Pick<Plan, 'checks'>): readonly PreflightCheck[] =>
  checks.filter(({ effect }) => effect === 'blocks')

/**
 * The parts of a plan that its ID is computed from: source, target and format. Of the checks, it contains only the names of blocking ones, because warnings and
 * numbers in messages vary, such as a quota.
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

/** Adds the checksum to a plan. */
const addChecksum = (plan: Omit<Plan, 'checksum'>): Plan => ({ ...plan, checksum: computeChecksum(plan) })

/**
 * Plans the transfer of `source` to `target`. Pure and deterministic: sends no request and reads no clock. `checks` of the plan contains what blocks it.
 */
export const planTransfer = (
  source: TransferSource,
  target: TransferTarget,
  overrides: TransferOverrides = {},
  rates: TransferRates = DEFAULT_RATES,
): Plan => {
  const format = planFormat(source, target, overrides)
  const image = source.kind === 'image' ? source.image : null
  const takes = target.kind === 'cloud' ? readTargetSupport(target.capabilities) : NO_SUPPORT
  const machine = format.archive?.machine ?? null
  const described =
    machine === null ? null : describeMachine(machine, readSourceFacts(source)?.archive?.capacity ?? null)
  const metadata = translateMetadata(
    image,
    {
      support: takes,
      rules: combineRules(
        source.kind === 'image' ? source.capabilities : null,
        target.kind === 'cloud' ? target.capabilities : null,
      ),
      isConverted: format.convert,
    },
    overrides,
    deriveName(source),
    described,
  )
  const architecture = overrides.architecture ?? image?.architecture ?? described?.architecture ?? null
  const container = format.archive === undefined ? image?.format.container : 'bare'
  const request: NewImage | null =
    target.kind === 'file'
      ? null
      : {
          ...metadata.request,
          diskFormat: format.to ?? 'raw',
          ...(selectUploadMethod(target) === 'upload' && image !== null && container !== null && container !== undefined
            ? { containerFormat: container }
            : {}),
        }
  const isUntouched = !format.convert && !isPacked(format)
  const read = readSourceSize(source)
  const sent = isUntouched ? read : format.to === 'raw' ? format.virtualSize : null
  const verification = bestVerification(source, target, format)
  const steps = planSteps({ source, target, format, finish: metadata.finish, sent, rates })
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
            reason: 'set the architecture of the image',
          },
        ]
      : []
  const { sourceDigests = [] } = overrides
  const planned = { ...describeSource(source), ...(sourceDigests.length === 0 ? {} : { expected: sourceDigests }) }
  const checks = runPreflightChecks({
    source,
    target,
    overrides,
    format,
    request,
    architecture,
    sent,
    verification,
  })
  const parts = {
    source: planned,
    target: describeTarget(target, overrides),
    format,
    request,
    finalSettings: metadata.finish,
    checks,
    verification,
  }
  return addChecksum({
    $schema: PLAN_SCHEMA,
    id: computePlanId(selectIdentity(parts)),
    ...parts,
    fields: sortByField([
      ...(target.kind === 'file' ? loseAll(metadata) : metadata.dispositions),
      ...translateFormat(source, target, format),
      ...needed,
    ]),
    steps,
    estimate: estimateTransfer(source, target, steps, spoolBytes),
  })
}
