import { unsafeImage, type ErrorDetails, type ErrorSite, type ImageError } from '@imago/core'
import { TAR_CONTENT_IDS, type Finding, type InspectedFormat, type Inspection } from '@imago/inspect'

/** Glance's `disk_format`s that the inspector recognizes. */
const KNOWN: readonly string[] = [
  'raw',
  'qcow2',
  'qed',
  'vhd',
  'vhdx',
  'vmdk',
  'vdi',
  'iso',
  'gpt',
  'luks',
] satisfies readonly InspectedFormat[]

/**
 * Checks that may be allowed to fail, since none of them harms a program that opens the image: QEMU reads no partition table (`mbr`), bytes that are not a disk (`not-a-disk`),
 * a raw disk or an ISO that is shorter than its own tables state (`truncated`), and corruptions that `qemu-img check` finds (`damaged`). A `truncated` image of another format is never allowed.
 */
export const ALLOWABLE_CHECKS = ['mbr', 'not-a-disk', 'truncated', 'damaged'] as const
export type AllowableCheck = (typeof ALLOWABLE_CHECKS)[number]

/** Known facts about an image, and the checks that may fail. */
export interface ImageClaims {
  /** Checks that may fail. Default: none. */
  readonly allow?: readonly AllowableCheck[] | undefined
  /** The image's record declares it encrypted: a raw disk may then be LUKS. */
  readonly isEncrypted?: boolean | undefined
  /** The bytes were extracted from an archive; an archive inside it is not extracted. */
  readonly isExtracted?: boolean | undefined
}

const isAmong =
  (checks: readonly string[]) =>
  ({ check }: { readonly check: string }): boolean =>
    checks.includes(check)

/** Kernels and RAM disks are not disks; an unknown format (`ploop`) can be any bytes. */
const isDiskFormat = (declared: string | null): boolean =>
  declared === null || declared === 'ami' || KNOWN.includes(declared)

/** The kernel of an AMI has the signature of a boot sector, and no partitions. */
const isKernel = (declared: string, { content }: Inspection): boolean =>
  declared === 'aki' && content?.kind === 'executable'

/** Whether the declared format fits. A disk with partitions and a bootable ISO are raw bytes, too; a format without a signature of its own (`ami`) fits if no other was found. */
const isDeclaredFormat = (declared: string, inspection: Inspection, isEncrypted: boolean): boolean => {
  const { format } = inspection
  if (format === declared || isKernel(declared, inspection)) return true
  if (declared === 'raw') return format === 'gpt' || format === 'iso' || (format === 'luks' && isEncrypted)
  return !KNOWN.includes(declared) && format === 'raw'
}

const TITLES: Readonly<Partial<Record<InspectedFormat, string>>> = {
  gpt: 'a raw disk with a partition table',
  raw: 'raw',
  iso: 'an ISO',
  luks: 'an encrypted disk (LUKS)',
}

export const describeFormat = (format: InspectedFormat): string => TITLES[format] ?? format

/** The value of the parameter `sourceFormat` for a format that was found. */
const toSourceFormat = (format: InspectedFormat): string => (format === 'gpt' ? 'raw' : format)

const formatMismatch = (site: ErrorSite, { format }: Inspection, declared: string): ImageError => {
  const isFooterMissing = declared === 'vhd' && (format === 'raw' || format === 'gpt')
  return unsafeImage(site, {
    check: 'format_mismatch',
    what: `the image's declared format is ${declared}, but its bytes are ${describeFormat(format)}${isFooterMissing ? ', without the footer of a VHD: it is a raw disk, or was cut short' : ''}`,
    hint: `Do not open it; if you trust it to be ${toSourceFormat(format)}, declare that format`,
    changes: [{ parameter: 'sourceFormat', values: [toSourceFormat(format)] }],
  })
}

/** When to allow a check. */
const CONDITIONS: Readonly<Record<AllowableCheck, string>> = {
  mbr: 'Some old tools write such tables: allow this check if you trust the image',
  'not-a-disk': 'Allow this check if it is the intended image',
  truncated: 'Get the complete image, or allow this check if it is the intended one',
  damaged: 'Repair a copy with qemu-img check -r all, or allow this check to transfer it as it is',
}

const isAllowable = (check: string): check is AllowableCheck => (ALLOWABLE_CHECKS as readonly string[]).includes(check)

type Advice = Pick<ErrorDetails, 'hint' | 'changes'>

const advise = ({ check, advice }: Finding): Advice => {
  if (!isAllowable(check)) return advice === undefined ? {} : { hint: advice }
  return {
    hint: `${advice === undefined ? '' : `${advice}. `}${CONDITIONS[check]}`,
    changes: [{ parameter: 'allow', values: [check] }],
  }
}

/** Only one archive is extracted, not another inside it. */
const adviseTar = (finding: Finding, isExtracted: boolean): Advice => {
  const allow = advise({
    ...finding,
    advice: isExtracted ? 'Extract the outer archive first, and use the one inside' : 'Extract the disk image in it',
  })
  return isExtracted
    ? allow
    : { ...allow, changes: [{ parameter: 'archive', values: ['tar'] }, ...(allow.changes ?? [])] }
}

const describe = (findings: readonly Finding[]): string => [...new Set(findings.map(({ what }) => what))].join('; ')

const toFailure = (site: ErrorSite, failures: readonly Finding[], { format }: Inspection): ImageError | null => {
  const [first] = failures
  if (first === undefined) return null
  if (failures.every(isAmong(['truncated'])))
    return unsafeImage(site, {
      check: first.check,
      what: `the image is incomplete (check ${first.check}, format ${format}): ${describe(failures)}`,
      hint: 'Fetch it again, and compare it with its digest',
    })
  return unsafeImage(site, {
    check: first.check,
    what: `the image is not safe to open (check ${first.check}, format ${format}): ${describe(failures)}`,
    ...(failures.every(isAmong(['mbr'])) ? advise(first) : first.advice === undefined ? {} : { hint: first.advice }),
  })
}

/** The error for bytes that are not a complete disk. Its check is that of the first problem. */
const toDoubt = (
  site: ErrorSite,
  doubts: readonly Finding[],
  { format }: Inspection,
  adviseOn: (finding: Finding) => Advice = advise,
): ImageError | null => {
  const [first] = doubts
  if (first === undefined) return null
  const subject =
    first.check === 'not-a-disk'
      ? 'the image is not a disk (check not-a-disk)'
      : first.check === 'truncated'
        ? `the image is incomplete (check truncated, format ${format})`
        : `the image is damaged (check ${first.check}, format ${format})`
  return unsafeImage(site, {
    check: first.check,
    what: `${subject}: ${describe(doubts)}`,
    ...adviseOn(first),
  })
}

/**
 * Why an image must not be opened or transferred (`UnsafeImage`); `null`: nothing was found.
 * @param declared the disk format that the image's record or the user declares, in Glance's words; `null`: unknown. A format that does not fit the bytes fails the check `format_mismatch`.
 */
export const checkSafety = (
  site: ErrorSite,
  inspection: Inspection,
  declared: string | null,
  { allow = [], isEncrypted = false, isExtracted = false }: ImageClaims = {},
): ImageError | null => {
  const isAllowed = isAmong(allow)
  const isTar = inspection.content !== undefined && TAR_CONTENT_IDS.has(inspection.content.id)
  const kernel = declared !== null && isKernel(declared, inspection)
  const failures = inspection.failures.filter((failure) => !(failure.check === 'mbr' && (isAllowed(failure) || kernel)))
  const doubts = (inspection.doubts ?? []).filter(
    (doubt) => !isAllowed(doubt) && !(doubt.check === 'not-a-disk' && !isDiskFormat(declared)),
  )
  const notADisk = doubts.filter(isAmong(['not-a-disk']))
  const isOther = declared !== null && !isDeclaredFormat(declared, inspection, isEncrypted)
  return (
    toFailure(site, failures, inspection) ??
    toDoubt(site, notADisk, inspection, isTar ? (finding) => adviseTar(finding, isExtracted) : advise) ??
    (isOther ? formatMismatch(site, inspection, declared) : null) ??
    toDoubt(site, doubts, inspection)
  )
}
