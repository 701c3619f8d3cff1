import { unsafeImage, type ErrorSite, type ImageError } from '@imago/core'
import type { CheckFailure, InspectedFormat, Inspection } from '@imago/inspect'

/** Words of Glance's `disk_format` that the inspector knows by their bytes. */
const KNOWN: readonly string[] = ['raw', 'qcow2', 'qed', 'vhd', 'vhdx', 'vmdk', 'vdi', 'iso', 'gpt', 'luks'] satisfies readonly InspectedFormat[]

/**
 * Checks that may be allowed to fail. No driver reads a partition table (`mbr`); bytes that are no disk (`not-a-disk`), a raw disk or a disc that is shorter than its own
 * tables say (`truncated`), and metadata that `qemu-img check` finds at odds (`damaged`) harm nobody who opens them. A `truncated` image of another format is never allowed.
 */
export const ALLOWABLE_CHECKS = ['mbr', 'not-a-disk', 'truncated', 'damaged'] as const
export type AllowableCheck = (typeof ALLOWABLE_CHECKS)[number]

/** What is known of an image beside its bytes, and what its user insists on. */
export interface ImageClaims {
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
  /** Its record says that its bytes are encrypted: a raw disk may then be LUKS. */
  readonly isEncrypted?: boolean | undefined
}

const isOneOf = (checks: readonly string[]) => ({ check }: { readonly check: string }): boolean => checks.includes(check)

/** Kernels and RAM disks; a word that is not known here (`ploop`) can mean any bytes. */
const isDiskFormat = (declared: string | null): boolean => declared === null || declared === 'ami' || KNOWN.includes(declared)

/** The kernel of an AMI has a boot sector's mark, and no partitions. */
const isKernel = (declared: string, { content }: Inspection): boolean => declared === 'aki' && content?.kind === 'executable'

/** Whether bytes may be called so. A disk with partitions, or a bootable disc, is raw bytes too; of a word without bytes of its own (`ami`), all that can be said is that nothing else was found. */
const isCalled = (declared: string, inspection: Inspection, isEncrypted: boolean): boolean => {
  const { format } = inspection
  if (format === declared || isKernel(declared, inspection)) return true
  if (declared === 'raw') return format === 'gpt' || format === 'iso' || (format === 'luks' && isEncrypted)
  return !KNOWN.includes(declared) && format === 'raw'
}

const TITLES: Readonly<Partial<Record<InspectedFormat, string>>> = { gpt: 'a raw disk with a partition table', raw: 'raw', iso: 'an ISO', luks: 'an encrypted disk (LUKS)' }

/** The word by which a user can say what was found. */
const wordFor = (format: InspectedFormat): string => (format === 'gpt' ? 'raw' : format)

const mismatch = (site: ErrorSite, { format }: Inspection, declared: string): ImageError => {
  const title = TITLES[format]
  const isFooterMissing = declared === 'vhd' && (format === 'raw' || format === 'gpt')
  return unsafeImage(site, {
    check: 'format_mismatch',
    what: `the image is said to be ${declared}, and its bytes are ${title ?? format}${isFooterMissing ? ': a VHD has a footer at its end, so it is a raw disk, or was cut short' : ''}`,
    hint: `If you trust it to be ${wordFor(format)}, say so: --source-format ${wordFor(format)}; else do not open it`,
  })
}

const HINTS: Readonly<Record<AllowableCheck, string>> = {
  mbr: 'Old tools write such tables too: if you trust this one',
  'not-a-disk': 'If it is meant to be an image all the same',
  truncated: 'Get the whole of it; if it is meant to be so',
  damaged: 'Repair a copy of it by qemu-img check -r all; if it is meant to be moved as it is',
}

const isAllowable = (check: string): check is AllowableCheck => (ALLOWABLE_CHECKS as readonly string[]).includes(check)

const hintFor = ({ check, advice }: CheckFailure): string | undefined => {
  if (!isAllowable(check)) return advice
  return `${advice === undefined ? '' : `${advice}. `}${HINTS[check]}: --allow ${check}`
}

const whatOf = (failures: readonly CheckFailure[]): string => [...new Set(failures.map(({ what }) => what))].join('; ')

const unsafe = (site: ErrorSite, failures: readonly CheckFailure[], { format }: Inspection): ImageError | null => {
  const [first] = failures
  if (first === undefined) return null
  if (failures.every(isOneOf(['truncated']))) return unsafeImage(site, { check: first.check, what: `the image is not whole (check ${first.check}, format ${format}): ${whatOf(failures)}`, hint: 'Get the whole of it: fetch it again, and compare it with its digest' })
  const hint = failures.every(isOneOf(['mbr'])) ? hintFor(first) : first.advice
  return unsafeImage(site, { check: first.check, what: `the image is not safe to open (check ${first.check}, format ${format}): ${whatOf(failures)}`, ...(hint === undefined ? {} : { hint }) })
}

/** The error of bytes that are no disk, or not a whole one: the first doubt names the check. */
const doubtful = (site: ErrorSite, doubts: readonly CheckFailure[], inspection: Inspection): ImageError | null => {
  const [first] = doubts
  if (first === undefined) return null
  const hint = hintFor(first)
  const subject = first.check === 'not-a-disk' ? 'the image is no disk (check not-a-disk)' : first.check === 'truncated' ? `the image is not whole (check truncated, format ${inspection.format})` : `the image is damaged (check ${first.check}, format ${inspection.format})`
  return unsafeImage(site, { check: first.check, what: `${subject}: ${whatOf(doubts)}`, ...(hint === undefined ? {} : { hint }) })
}

/**
 * Why an image must not be opened, or is none; `null`: nothing is known against it.
 * @param declared the disk format that it is said to have, in Glance's words; `null`: nobody said. Another one than what was found is refused by the check `format_mismatch`.
 */
export const unsafetyOf = (site: ErrorSite, inspection: Inspection, declared: string | null, { allow = [], isEncrypted = false }: ImageClaims = {}): ImageError | null => {
  const isAllowed = isOneOf(allow)
  const kernel = declared !== null && isKernel(declared, inspection)
  const failures = inspection.failures.filter((failure) => !(failure.check === 'mbr' && (isAllowed(failure) || kernel)))
  const doubts = (inspection.doubts ?? []).filter((doubt) => !isAllowed(doubt) && !(doubt.check === 'not-a-disk' && !isDiskFormat(declared)))
  const isOther = declared !== null && !isCalled(declared, inspection, isEncrypted)
  return (
    unsafe(site, failures, inspection) ??
    doubtful(site, doubts.filter(isOneOf(['not-a-disk'])), inspection) ??
    (isOther ? mismatch(site, inspection, declared) : null) ??
    doubtful(site, doubts, inspection)
  )
}
