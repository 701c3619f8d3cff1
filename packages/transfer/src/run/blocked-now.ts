import { rejected, type Capabilities, type CloudIdentity, type Image, type ImageError } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { isPacked, wayInto } from '../plan/format.ts'
import { gatesFor } from '../plan/gates.ts'
import { bestVerification, blockersOf } from '../plan/plan-move.ts'
import type { Plan } from '../plan/plan.ts'
import type { MoveSource, MoveTarget } from '../plan/wishes.ts'
import { MOVE_SITE, type RunContext } from './context.ts'
import { satisfies } from './levels.ts'
import { newPlan } from './resumable.ts'

const capabilitiesAt = async ({ options }: RunContext, cloud: CloudIdentity): Promise<E.Either<ImageError, Capabilities>> => E.map(({ capabilities }: { readonly capabilities: Capabilities }) => capabilities)(await options.sourceOf(cloud)())

const sourceNow = async (context: RunContext, { source }: Plan, image: Image | null): Promise<E.Either<ImageError, MoveSource>> => {
  if (source.kind === 'file') return E.right({ kind: 'file', path: source.path, size: source.size, modifiedAt: source.modifiedAt })
  if (source.kind === 'url' || image === null) return E.right({ kind: 'url', url: source.kind === 'url' ? source.url : '', size: source.size, etag: source.kind === 'url' ? source.etag : null })
  const { provider, cloud, region } = source.ref
  return E.map((capabilities: Capabilities): MoveSource => ({ kind: 'image', image, capabilities }))(await capabilitiesAt(context, { provider, cloud, region }))
}

const targetNow = async (context: RunContext, { target }: Plan): Promise<E.Either<ImageError, MoveTarget>> => {
  if (target.kind === 'file') return E.right(target)
  return E.map((capabilities: Capabilities): MoveTarget => ({ kind: 'cloud', cloud: target.cloud, capabilities }))(await capabilitiesAt(context, target.cloud))
}

/**
 * What blocks a plan by what its source and target say now. A plan is a file that somebody may have changed, checksum and all: that its gates are open is
 * seen again before anything is moved. Quotas, costs and what a look at the bytes finds are not asked for again: the provider and the inspector refuse by themselves.
 */
export const blockedNow = async (context: RunContext, image: Image | null): Promise<E.Either<ImageError, void>> => {
  const { plan } = context
  const { format, request } = plan
  const source = await sourceNow(context, plan, image)
  if (E.isLeft(source)) return source
  const target = await targetNow(context, plan)
  if (E.isLeft(target)) return target
  const verification = bestVerification(source.right, target.right, format)
  const isUntouched = !format.convert && !isPacked(format)
  const gates = gatesFor({
    source: source.right,
    target: target.right,
    wishes: { ...(format.to === null ? {} : { diskFormat: format.to }), sourceDigests: plan.source.expected ?? [] },
    format,
    request,
    architecture: request?.architecture ?? null,
    sent: isUntouched ? plan.source.size : format.to === 'raw' ? format.virtualSize : null,
    verification,
  })
  const [blocker] = blockersOf({ gates })
  if (blocker !== undefined) return E.left(rejected(MOVE_SITE, { what: blocker.what, hint: blocker.hint }))
  const way = wayInto(target.right)
  if (plan.target.kind === 'cloud' && way !== plan.target.by) return E.left(rejected(MOVE_SITE, { what: `the plan brings bytes to the target by ${plan.target.by}, and the target takes them by ${way ?? 'nothing'}`, ...newPlan() }))
  // Of a file, the run itself sees what it has written.
  if (plan.target.kind === 'cloud' && !satisfies(verification, plan.verification)) return E.left(rejected(MOVE_SITE, { what: `the plan says that the result can be verified by ${plan.verification}, and ${verification} is the best that there is`, ...newPlan() }))
  return E.right(undefined)
}
