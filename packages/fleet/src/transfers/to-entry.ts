import { rejected, type ImageError, type VerificationLevel } from '@imago/core'
import { describeRun, type AllowableCheck, type Plan } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { FLEET_SITE } from '../database/database-error.ts'

/** How to run a plan, as chosen when it was submitted. */
export interface RunSettings {
  readonly accept?: VerificationLevel | undefined
  readonly allow: readonly AllowableCheck[]
  readonly keepFailed: boolean
}

/** A transfer as it is submitted. */
export interface TransferEntry {
  readonly run: string
  readonly plan: Plan
  readonly settings: RunSettings
  /** Source and target, in words. */
  readonly title: string
  /** The name of a cloud without its region, which limits refer to: `hetzner/prod`; `null`: a URL. */
  readonly sourceCloud: string | null
  readonly targetCloud: string
  /** `null`: unknown. */
  readonly bytes: number | null
}

const refuse = (plan: Plan, what: string, hint: string): E.Either<ImageError, never> =>
  E.left(rejected(FLEET_SITE, { what: `${describeRun(plan)}: ${what}`, hint }))

/** The name of a cloud that limits refer to. */
export const toCloudKey = ({ provider, cloud }: { readonly provider: string; readonly cloud: string | null }): string =>
  `${provider}/${cloud ?? ''}`

/** Plans store the credentials and the query of a URL as this character. */
const OMITTED = '…'

/** Converts a plan to a transfer that any worker can run, without secrets. `Rejected`: it needs a file of this machine, or a secret that is in no configuration. */
export const toEntry = (plan: Plan, settings: RunSettings): E.Either<ImageError, TransferEntry> => {
  const { source, target } = plan
  if (source.kind === 'file')
    return refuse(plan, 'workers cannot read the files of this machine', 'Use imago copy, or name an image or a URL')
  if (target.kind === 'file')
    return refuse(
      plan,
      'workers cannot write the files of this machine',
      'Use imago copy, or name a cloud as the target',
    )
  if (source.kind === 'url' && source.url.includes(OMITTED))
    return refuse(
      plan,
      'the URL has credentials or a query, which the database of the fleet does not store',
      'Use a URL without them, or imago copy',
    )
  return E.right({
    run: plan.id,
    plan,
    settings,
    title: describeRun(plan),
    sourceCloud: source.kind === 'image' ? toCloudKey(source.ref) : null,
    targetCloud: toCloudKey(target.cloud),
    bytes: plan.estimate.bytes,
  })
}
