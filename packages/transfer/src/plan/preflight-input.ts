import type { NewImage, VerificationLevel } from '@imago/core'
import type { PlanFormat } from './plan.ts'
import type { TransferOverrides, TransferSource, TransferTarget } from './transfer-input.ts'

/** What preflight checks examine. */
export interface PreflightInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly overrides: TransferOverrides
  readonly format: PlanFormat
  /** The image to create; `null`: the target is a file. */
  readonly request: NewImage | null
  /** Architecture of the new image; `null`: unknown. */
  readonly architecture: string | null
  /** Bytes to send to the target; `null`: unknown. */
  readonly sent: number | null
  readonly verification: VerificationLevel
}
