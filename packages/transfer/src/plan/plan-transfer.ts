import { FIELD_NAMES, type NewImage } from '@imago/core'
import type { FieldDisposition } from '../metadata/disposition.ts'
import { describeMachine } from '../metadata/machine-description.ts'
import { combineRules } from '../metadata/rules.ts'
import { readTargetSupport, type TargetSupport } from '../metadata/target-support.ts'
import { translateMetadata, type TranslatedMetadata } from '../metadata/translate.ts'
import { bestVerification } from './best-verification.ts'
import { describeSource, describeTarget, deriveName } from './describe-endpoints.ts'
import { estimateTransfer } from './estimate.ts'
import { translateFormat } from './format-dispositions.ts'
import { readSourceSize, readSourceFacts, planFormat, isPacked, selectUploadMethod } from './format.ts'
import { PLAN_SCHEMA, type PreflightCheck, type Plan } from './plan.ts'
import { runPreflightChecks } from './preflight-checks.ts'
import { planSteps } from './steps.ts'
import type { TransferSource, TransferTarget, TransferOverrides, TransferRates } from './transfer-input.ts'
import { computeChecksum, computePlanId } from './uuid.ts'

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
