import { unsafeImage, type ErrorSite, type ImageError } from '@imago/core'
import type { InspectedFormat, Inspection } from './inspection.ts'

/** Words of Glance's `disk_format` that the inspector knows by their bytes. */
const KNOWN: readonly string[] = ['raw', 'qcow2', 'qed', 'vhd', 'vhdx', 'vmdk', 'vdi', 'iso', 'gpt', 'luks'] satisfies readonly InspectedFormat[]
/** Checks that can be waived: no driver reads a partition table. */
export const TOLERABLE_CHECKS = ['mbr'] as const
export type TolerableCheck = (typeof TOLERABLE_CHECKS)[number]

const isOneOf = (checks: readonly string[]) => ({ check }: { readonly check: string }): boolean => checks.includes(check)

/** Whether bytes may be called so. A disk with partitions, or a bootable disc, is raw bytes too; of a word without bytes of its own (`ami`), all that can be said is that nothing else was found. */
const isCalled = (declared: string, { format }: Inspection): boolean =>
  format === declared || (declared === 'raw' && (format === 'gpt' || format === 'iso')) || (!KNOWN.includes(declared) && format === 'raw')

/**
 * Why an image must not be opened, or `null`.
 * @param declared the disk format that it is said to have, in Glance's words; `null`: nobody said. Another one than what was found is refused by the check `format_mismatch`.
 * @param tolerated checks that may fail.
 */
export const unsafetyOf = (site: ErrorSite, inspection: Inspection, declared: string | null, tolerated: readonly TolerableCheck[] = []): ImageError | null => {
  const failures = inspection.failures.filter((failure) => !isOneOf(tolerated)(failure))
  const [first] = failures
  if (first !== undefined) {
    const what = [...new Set(failures.map(({ what }) => what))].join('; ')
    const hint = failures.every(isOneOf(TOLERABLE_CHECKS)) ? `Old tools write such tables too: if you trust this one, --tolerate ${first.check}` : undefined
    return unsafeImage(site, { check: first.check, what: `the image is not safe to open (check ${first.check}, format ${inspection.format}): ${what}`, ...(hint === undefined ? {} : { hint }) })
  }
  if (declared === null || isCalled(declared, inspection)) return null
  return unsafeImage(site, {
    check: 'format_mismatch',
    what: `the image is said to be ${declared}, and its bytes are ${inspection.format}`,
    hint: `If ${inspection.format} is what it should be, say so; else do not open it`,
  })
}
