import type { ParameterChange, UploadLimits } from '@imago/core'
import { MAX_WORDS, truncateWord, formatList } from './format-list.ts'
import { selectUploadMethod } from './format.ts'
import type { LimitCheckInput } from './limit-check-input.ts'
import { checkTexts, checkCounts } from './metadata-limit-checks.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import { checkQuota } from './quota-checks.ts'
import type { TransferOverrides } from './transfer-input.ts'

const checkStore = (
  { store }: Pick<TransferOverrides, 'store'>,
  stores: UploadLimits['stores'],
): readonly PreflightCheck[] => {
  if (stores === null)
    return store === undefined
      ? []
      : [
          createWarning(
            'store',
            `the target reports no stores, and may ignore the store ${truncateWord(store)}`,
            'Leave out the store, or check afterwards where the data is',
            { parameter: 'store', values: [] },
          ),
        ]
  const writable = stores.filter(({ isReadOnly }) => !isReadOnly).map(({ id }) => id)
  const advice: readonly [hint: string, ...changes: ParameterChange[]] =
    writable.length === 0
      ? ['Ask the operator of the cloud for a writable store']
      : ['Choose a writable store', { parameter: 'store', values: writable.slice(0, MAX_WORDS).map(truncateWord) }]
  const chosen = stores.find(({ id, isDefault }) => (store === undefined ? isDefault : id === store))
  if (chosen?.isReadOnly === true)
    return [
      createBlocker(
        'store',
        `the ${store === undefined ? 'default store' : 'store'} ${truncateWord(chosen.id)} of the target is read-only`,
        ...advice,
      ),
    ]
  return store === undefined || chosen !== undefined
    ? []
    : [
        createBlocker(
          'store',
          `the target has no store ${JSON.stringify(truncateWord(store))} (one of: ${formatList(stores.map(({ id }) => id))})`,
          ...advice,
        ),
      ]
}

const checkFormats = (
  { request, format }: LimitCheckInput,
  { diskFormats, containerFormats }: UploadLimits,
): readonly PreflightCheck[] => {
  if (request === null) return []
  const { diskFormat, containerFormat = 'bare' } = request
  const checks: PreflightCheck[] = []
  // Another check reports an unknown format.
  if (format.to !== null && diskFormats !== null && !diskFormats.includes(diskFormat)) {
    checks.push(
      createBlocker(
        'disk-format',
        `the target does not accept the disk format ${diskFormat} (one of: ${formatList(diskFormats)})`,
        'Choose one of these disk formats',
        { parameter: 'diskFormat', values: [] },
      ),
    )
  }
  if (containerFormats !== null && !containerFormats.includes(containerFormat)) {
    checks.push(
      createBlocker(
        'container-format',
        `the target does not accept the container format ${containerFormat} (one of: ${formatList(containerFormats)})`,
        'Unpack the image, then transfer the disk in it as a file',
      ),
    )
  }
  return checks
}

/** Checks the image against the limits that the target reports, and the numbers of entries that its provider documents. */
export const checkLimits = (input: LimitCheckInput): readonly PreflightCheck[] => {
  const { target, overrides, request } = input
  if (target.kind === 'file' || selectUploadMethod(target) === null) return []
  const { limits = null } = target
  return [
    ...checkStore(overrides, limits?.stores ?? null),
    ...(limits === null ? [] : checkFormats(input, limits)),
    ...(limits === null || request === null ? [] : checkTexts(request, target, limits)),
    ...(request === null ? [] : checkCounts(request, target)),
    ...checkQuota(input, target),
  ]
}
