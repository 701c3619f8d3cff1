import type { UploadLimits } from '@imago/core'
import { createMemorySource } from '@imago/testkit'
import { planTransfer } from '../../src/plan/plan-transfer.ts'
import type { PreflightCheck, Plan } from '../../src/plan/plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides, PlannedUsage } from '../../src/plan/transfer-input.ts'
import { FILE_RULES } from '../rules.ts'

export const MIB = 2 ** 20
export const UNTOLD: UploadLimits = {
  bytes: null,
  images: null,
  uploads: null,
  stores: null,
  diskFormats: null,
  containerFormats: null,
  nameLength: null,
  tagLength: null,
  properties: null,
  otherProperties: null,
}
export const capabilities = createMemorySource({ metadata: FILE_RULES }).capabilities

export const file = (size: number, path = '/images/web.raw'): TransferSource => ({
  kind: 'file',
  path,
  size,
  modifiedAt: null,
})
export const to = (
  limits: Partial<UploadLimits> | null,
  more: Partial<Extract<TransferTarget, { kind: 'cloud' }>> = {},
): TransferTarget => ({
  kind: 'cloud',
  cloud: { provider: 'memory', cloud: 'to', region: null },
  capabilities,
  limits: limits === null ? null : { ...UNTOLD, ...limits },
  ...more,
})
export const listChecks = (
  checks: readonly PreflightCheck[],
  name: PreflightCheck['check'],
): readonly Omit<PreflightCheck, 'check'>[] =>
  checks.flatMap((one) => {
    const { check: found, ...rest } = one
    return found === name ? [rest] : []
  })
export const planned = (
  limits: Partial<UploadLimits> | null,
  {
    source = file(20 * MIB),
    overrides = {},
    ...more
  }: {
    readonly source?: TransferSource
    readonly overrides?: TransferOverrides
    readonly plannedUsage?: PlannedUsage
    readonly alreadyExists?: boolean
  } = {},
): Plan => planTransfer(source, to(limits, more), overrides)
export const quota = (used: number, limit: number | null, unit = 1) => ({ used, limit, unit })
