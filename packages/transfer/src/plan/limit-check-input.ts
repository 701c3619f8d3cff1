import type { NewImage } from '@imago/core'
import type { PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from './transfer-input.ts'

export type Cloud = Extract<TransferTarget, { readonly kind: 'cloud' }>

/** What these checks examine. */
export interface LimitCheckInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly overrides: Pick<TransferOverrides, 'store'>
  readonly format: PlanFormat
  /** The image to create; `null`: the target is a file. */
  readonly request: NewImage | null
  /** Bytes to send to the target; `null`: unknown. */
  readonly sent: number | null
}
