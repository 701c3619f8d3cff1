import {
  rejected,
  type Capabilities,
  type CloudIdentity,
  type Image,
  type ImageError,
  type ImageSource,
} from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { isPacked, selectUploadMethod } from '../plan/format.ts'
import { runPreflightChecks } from '../plan/preflight-checks.ts'
import { bestVerification } from '../plan/best-verification.ts'
import { findBlockers } from '../plan/plan-transfer.ts'
import { checkLimits } from '../plan/limit-checks.ts'
import type { PreflightCheck, Plan } from '../plan/plan.ts'
import { computeImageId } from '../plan/uuid.ts'
import type { TransferSource, TransferTarget } from '../plan/transfer-input.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { satisfies } from './levels.ts'
import { hasRunTag } from './run-tags.ts'
import { adviseNewPlan } from './resumable.ts'
import { readUploadLimits } from './upload-limits.ts'

const readCapabilities = async (
  { options }: RunContext,
  cloud: CloudIdentity,
): Promise<E.Either<ImageError, Capabilities>> =>
  E.map(({ capabilities }: { readonly capabilities: Capabilities }) => capabilities)(await options.openSource(cloud)())

const describeSource = async (
  context: RunContext,
  { source }: Plan,
  image: Image | null,
): Promise<E.Either<ImageError, TransferSource>> => {
  if (source.kind === 'file')
    return E.right({ kind: 'file', path: source.path, size: source.size, modifiedAt: source.modifiedAt })
  if (source.kind === 'url' || image === null)
    return E.right({
      kind: 'url',
      url: source.kind === 'url' ? source.url : '',
      size: source.size,
      etag: source.kind === 'url' ? source.etag : null,
    })
  const { provider, cloud, region } = source.ref
  return E.map((capabilities: Capabilities): TransferSource => ({ kind: 'image', image, capabilities }))(
    await readCapabilities(context, { provider, cloud, region }),
  )
}

const describeTarget = async (context: RunContext, { target }: Plan): Promise<E.Either<ImageError, TransferTarget>> => {
  if (target.kind === 'file') return E.right(target)
  const source = await context.options.openSource(target.cloud)()
  if (E.isLeft(source)) return source
  const limits = await readUploadLimits(source.right, { signal: context.signal })
  if (E.isLeft(limits)) return limits
  return E.right({ kind: 'cloud', cloud: target.cloud, capabilities: source.right.capabilities, limits: limits.right })
}

const pickStore = ({ target }: Plan): { readonly store?: string } =>
  target.kind === 'file' || target.store === null ? {} : { store: target.store }

const toError = ({ check, what, hint, changes }: PreflightCheck): ImageError =>
  rejected(TRANSFER_SITE, { what, hint, changes, blockedBy: check })

/** Whether the image of this run already exists, so that it needs no more quota: another machine may have run the plan. */
const alreadyExists = async ({ options, run, journal, signal }: RunContext, { target }: Plan): Promise<boolean> => {
  if (target.kind === 'file' || target.by !== 'upload') return false
  const source = await options.openSource(target.cloud)()
  if (E.isLeft(source)) return false
  const found = await source.right.get(computeImageId(run, journal.state().attempt), { signal })()
  return E.isRight(found) && hasRunTag(run, found.right)
}

const findBlocker = async (context: RunContext, checks: readonly PreflightCheck[]): Promise<PreflightCheck | null> => {
  const blockers = findBlockers({ checks })
  const other = blockers.find(({ check }) => check !== 'quota')
  if (other !== undefined || blockers[0] === undefined) return other ?? null
  return (await alreadyExists(context, context.plan)) ? null : blockers[0]
}

/**
 * Runs the preflight checks again, with the current state of source and target, because somebody may have changed the plan and its checksum. Estimates and
 * inspections are not repeated: the provider and the inspection of the run refuse by themselves.
 */
export const recheckPlan = async (context: RunContext, image: Image | null): Promise<E.Either<ImageError, void>> => {
  const { plan } = context
  const { format, request } = plan
  const source = await describeSource(context, plan, image)
  if (E.isLeft(source)) return source
  const target = await describeTarget(context, plan)
  if (E.isLeft(target)) return target
  const verification = bestVerification(source.right, target.right, format)
  const isUntouched = !format.convert && !isPacked(format)
  const checks = runPreflightChecks({
    source: source.right,
    target: target.right,
    overrides: {
      ...(format.to === null ? {} : { diskFormat: format.to }),
      ...pickStore(plan),
      sourceDigests: plan.source.expected ?? [],
    },
    format,
    request,
    architecture: request?.architecture ?? null,
    sent: isUntouched ? plan.source.size : format.to === 'raw' ? format.virtualSize : null,
    verification,
  })
  const blocker = await findBlocker(context, checks)
  if (blocker !== null) return E.left(toError(blocker))
  const method = selectUploadMethod(target.right)
  if (plan.target.kind === 'cloud' && method !== plan.target.by)
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `the plan uses ${plan.target.by}, but the target supports ${method ?? 'no uploads'}`,
        ...adviseNewPlan(),
      }),
    )
  // For a file, the run itself verifies the bytes that it writes.
  if (plan.target.kind === 'cloud' && !satisfies(verification, plan.verification))
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `the plan expects the verification level ${plan.verification}, but ${verification} is the best possible`,
        ...adviseNewPlan(),
      }),
    )
  return E.right(undefined)
}

/**
 * Checks the limits of the target again when the bytes are staged, because their size is known now. Skipped once this run has requested its image, which the target
 * counts already.
 */
export const recheckBeforeUpload = async (
  context: RunContext,
  source: ImageSource,
  size: number,
): Promise<E.Either<ImageError, void>> => {
  const { plan, journal } = context
  const { creating, sending, sent } = journal.state()
  if (plan.target.kind === 'file' || creating !== null || sending || sent !== null) return E.right(undefined)
  const limits = await readUploadLimits(source, { signal: context.signal })
  if (E.isLeft(limits)) return limits
  const from = { kind: 'file', path: '', size, modifiedAt: null } as const
  const target: TransferTarget = {
    kind: 'cloud',
    cloud: plan.target.cloud,
    capabilities: source.capabilities,
    limits: limits.right,
  }
  const blocker = await findBlocker(
    context,
    checkLimits({
      source: from,
      target,
      overrides: pickStore(plan),
      format: plan.format,
      request: plan.request,
      sent: size,
    }),
  )
  return blocker === null ? E.right(undefined) : E.left(toError(blocker))
}
