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
import { bestVerification, findBlockers } from '../plan/plan-transfer.ts'
import { checkLimits } from '../plan/limit-checks.ts'
import type { PreflightCheck, Plan } from '../plan/plan.ts'
import { computeImageId } from '../plan/uuid.ts'
import type { TransferSource, TransferTarget } from '../plan/transfer-input.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import { satisfies } from './levels.ts'
import { hasRunTag } from './run-tags.ts'
import { adviseNewPlan } from './resumable.ts'
import { readUploadLimits } from './upload-limits.ts'

const capabilitiesAt = async (
  { options }: RunContext,
  cloud: CloudIdentity,
): Promise<E.Either<ImageError, Capabilities>> =>
  E.map(({ capabilities }: { readonly capabilities: Capabilities }) => capabilities)(await options.openSource(cloud)())

const sourceNow = async (
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
    await capabilitiesAt(context, { provider, cloud, region }),
  )
}

const targetNow = async (context: RunContext, { target }: Plan): Promise<E.Either<ImageError, TransferTarget>> => {
  if (target.kind === 'file') return E.right(target)
  const source = await context.options.openSource(target.cloud)()
  if (E.isLeft(source)) return source
  const limits = await readUploadLimits(source.right, { signal: context.signal })
  if (E.isLeft(limits)) return limits
  return E.right({ kind: 'cloud', cloud: target.cloud, capabilities: source.right.capabilities, limits: limits.right })
}

const storeOf = ({ target }: Plan): { readonly store?: string } =>
  target.kind === 'file' || target.store === null ? {} : { store: target.store }

const blockedBy = ({ check, what, hint }: PreflightCheck): ImageError =>
  rejected(TRANSFER_SITE, { what, hint, blockedBy: check })

/** Whether the image of this run is there already, so that no quota is in its way: the plan may have been carried out elsewhere. */
const isThere = async ({ options, run, journal, signal }: RunContext, { target }: Plan): Promise<boolean> => {
  if (target.kind === 'file' || target.by !== 'upload') return false
  const source = await options.openSource(target.cloud)()
  if (E.isLeft(source)) return false
  const found = await source.right.get(computeImageId(run, journal.state().attempt), { signal })()
  return E.isRight(found) && hasRunTag(run, found.right)
}

const firstBlocker = async (context: RunContext, checks: readonly PreflightCheck[]): Promise<PreflightCheck | null> => {
  const blockers = findBlockers({ checks })
  const other = blockers.find(({ check }) => check !== 'quota')
  if (other !== undefined || blockers[0] === undefined) return other ?? null
  return (await isThere(context, context.plan)) ? null : blockers[0]
}

/**
 * What blocks a plan by what its source and target say now. A plan is a file that somebody may have changed, checksum and all: that its checks are open is
 * seen again before anything is moved. Costs and what a look at the bytes finds are not asked for again: the provider and the inspector refuse by themselves.
 */
export const recheckPlan = async (context: RunContext, image: Image | null): Promise<E.Either<ImageError, void>> => {
  const { plan } = context
  const { format, request } = plan
  const source = await sourceNow(context, plan, image)
  if (E.isLeft(source)) return source
  const target = await targetNow(context, plan)
  if (E.isLeft(target)) return target
  const verification = bestVerification(source.right, target.right, format)
  const isUntouched = !format.convert && !isPacked(format)
  const checks = runPreflightChecks({
    source: source.right,
    target: target.right,
    overrides: {
      ...(format.to === null ? {} : { diskFormat: format.to }),
      ...storeOf(plan),
      sourceDigests: plan.source.expected ?? [],
    },
    format,
    request,
    architecture: request?.architecture ?? null,
    sent: isUntouched ? plan.source.size : format.to === 'raw' ? format.virtualSize : null,
    verification,
  })
  const blocker = await firstBlocker(context, checks)
  if (blocker !== null) return E.left(blockedBy(blocker))
  const way = selectUploadMethod(target.right)
  if (plan.target.kind === 'cloud' && way !== plan.target.by)
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `the plan brings bytes to the target by ${plan.target.by}, and the target takes them by ${way ?? 'nothing'}`,
        ...adviseNewPlan(),
      }),
    )
  // Of a file, the run itself sees what it has written.
  if (plan.target.kind === 'cloud' && !satisfies(verification, plan.verification))
    return E.left(
      rejected(TRANSFER_SITE, {
        what: `the plan says that the result can be verified by ${plan.verification}, and ${verification} is the best that there is`,
        ...adviseNewPlan(),
      }),
    )
  return E.right(undefined)
}

/**
 * What blocks an image whose bytes are here: their number is known now, and time has passed. Where this run has asked for an image already, it is among those that
 * the target counts, and the target itself refuses what is too much.
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
  const blocker = await firstBlocker(
    context,
    checkLimits({
      source: from,
      target,
      overrides: storeOf(plan),
      format: plan.format,
      request: plan.request,
      sent: size,
    }),
  )
  return blocker === null ? E.right(undefined) : E.left(blockedBy(blocker))
}
