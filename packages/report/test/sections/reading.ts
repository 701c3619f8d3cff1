import type { CloudObservation } from '@imago/core'
import { parseHTML } from 'linkedom'
import { renderReport, type ReportInput } from '../../src/index.ts'
import { cutOff, NO_PRICES, NO_USAGE, observeCloud, snapshot, supportData } from '../observed.ts'

/** The text of the first element of a report that a selector finds. */
export const read = (
  clouds: readonly CloudObservation[],
  selector: string,
  more: Partial<ReportInput> = {},
): string | null => {
  const text = renderReport({ observation: { at: '2026-11-30T00:00:00Z', clouds }, supportData, ...more })
  const found = parseHTML(text).document.querySelector(selector)
  return found === null ? null : (found.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
}

/** A cloud that was not read completely. */
export const INCOMPLETE = observeCloud([], { images: cutOff([snapshot('1')]), usage: NO_USAGE, prices: NO_PRICES })
