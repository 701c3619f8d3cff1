import type { Money, PlanEstimate, Step } from './plan.ts'
import type { TransferSource, TransferTarget } from './transfer-input.ts'

const sum = (numbers: readonly (number | null)[]): number | null =>
  numbers.reduce((all, one) => (all === null || one === null ? null : all + one), 0 as number | null)

/** Estimates a transfer, as far as it is known. */
export const estimateTransfer = (
  source: TransferSource,
  target: TransferTarget,
  steps: readonly Step[],
  spoolBytes: number | null,
): PlanEstimate => {
  const estimates = [
    source.kind === 'image' ? source.estimate : null,
    target.kind === 'cloud' ? target.estimate : null,
  ].flatMap((one) => (one === undefined || one === null ? [] : [one]))
  const money = (read: (one: (typeof estimates)[number]) => Money | null): readonly Money[] =>
    estimates.flatMap((one) => read(one) ?? [])
  const networkSteps = steps.filter(({ step }) => step === 'download' || step === 'upload')
  return {
    bytes: sum(networkSteps.map(({ bytes }) => bytes)),
    seconds: sum(steps.map(({ seconds }) => seconds)),
    spoolBytes,
    resources: estimates.flatMap(({ resources }) => resources),
    once: money(({ once }) => once),
    monthly: money(({ monthly }) => monthly),
  }
}
