import { findMetadataProblems, type NewImage, type VerificationLevel } from '@imago/core'
import { findPageType } from '@imago/inspect'
import { combineRules, hasEncryptionProperty, isHypervisorProperty } from '../metadata/rules.ts'
import { isWeak } from '../digests/algorithm.ts'
import { findContradiction } from '../digests/expected-digest.ts'
import { explainsFormat, checkSourceFacts } from './source-facts-checks.ts'
import { isConvertible, readSourceFacts, returnsRawDisks, selectUploadMethod } from './format.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import { checkLimits } from './limit-checks.ts'
import type { PlanFormat, PreflightCheck } from './plan.ts'
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

/** Only a warning: servers label disks with many content types. */
const checkContentType = ({ source }: PreflightInput): readonly PreflightCheck[] => {
  const page = source.kind === 'url' ? findPageType(source.contentType ?? null) : null
  return page === null
    ? []
    : [
        createWarning(
          'source-content',
          `the URL may return ${page.title} instead of an image (content type ${page.type})`,
          'Open the URL in a browser; bytes that are not a disk are refused after the download',
        ),
      ]
}

const isKnownEncrypted = (source: TransferSource): boolean => readSourceFacts(source)?.isEncrypted === true

const checkEncryption = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
  const isMarked = source.kind === 'image' && hasEncryptionProperty(source.capabilities.metadata ?? {}, source.image)
  if (!isMarked && !isKnownEncrypted(source) && format.from !== 'luks') return []
  return [
    createWarning(
      'encryption',
      'the image is encrypted: the copy can be read only with the key, which is not transferred',
      'Store the key at the target and set it on the copy, or transfer the decrypted disk',
    ),
  ]
}

const checkSourceStatus = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
  if (source.kind !== 'image') return []
  const { status, kind, deprecatedAt, unavailableAfter, size } = source.image
  const checks: PreflightCheck[] = []
  if (!source.capabilities.operations.includes('download'))
    checks.push(
      createBlocker(
        'source-download',
        'the provider of the source does not support downloads',
        'Choose a source whose cloud has the capability download',
      ),
    )
  if (status === 'unavailable')
    checks.push(
      createBlocker('source-status', 'the source is deactivated: its data cannot be downloaded', 'Reactivate it first'),
    )
  else if (status !== 'available' && status !== 'unknown')
    checks.push(
      createBlocker(
        'source-status',
        `the source is ${status}`,
        status === 'pending' ? 'Wait until it is available' : 'Choose another image',
      ),
    )
  // Nova creates such an image of a server that boots from volumes: it refers to volume snapshots. Since 2026 its format is raw, before qcow2.
  if (size.stored === 0 && format.from !== null && (format.from !== 'raw' || kind === 'snapshot'))
    checks.push(
      createBlocker(
        'source-download',
        `the source has no data, although its disk format is ${format.from}: it refers to volume snapshots`,
        'Leave it out, and transfer the volumes by other means',
      ),
    )
  if (deprecatedAt !== null)
    checks.push(
      createWarning(
        'source-deprecated',
        `the source is deprecated since ${deprecatedAt}${unavailableAfter === null ? '' : `, and unavailable after ${unavailableAfter}`}`,
        'Check whether a newer image can be used',
      ),
    )
  return checks
}

/** How to set the architecture of several images individually. */
const adviseOwnArchitecture = (source: TransferSource): string => {
  const rule =
    source.kind === 'image'
      ? source.capabilities.metadata?.fieldProperties?.find(({ field }) => field === 'architecture')
      : undefined
  return rule === undefined
    ? 'Set the architecture of the new image'
    : `Set the property ${rule.property} of the source, or the architecture of the new image`
}

const checkFormat = ({
  source,
  target,
  overrides,
  format,
  architecture,
}: PreflightInput): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = [...checkSourceFacts(source, overrides, format)]
  const method = selectUploadMethod(target)
  const container = source.kind === 'image' ? source.image.format.container : null
  if (target.kind === 'cloud' && method === null)
    checks.push(
      createBlocker(
        'target-takes-bytes',
        'the provider of the target does not support uploads',
        'Choose a target whose cloud has the capability upload or createFromBytes',
      ),
    )
  if (format.from === null && !explainsFormat(checks) && (method !== null || overrides.diskFormat !== undefined))
    checks.push(
      createBlocker(
        'disk-format',
        'the disk format of the source is unknown',
        'Declare the disk format of the source',
        {
          parameter: 'sourceFormat',
          values: ['raw', 'qcow2'],
        },
      ),
    )
  if (
    container !== null &&
    container !== 'bare' &&
    format.archive === undefined &&
    (method === 'createFromBytes' || format.convert)
  ) {
    checks.push(
      createBlocker(
        'container-format',
        `the disk cannot be extracted from the container format ${container}`,
        'Unpack it first, then transfer the disk as a file',
      ),
    )
  }
  if (format.convert && format.from !== null && format.to !== null) {
    checks.push(
      isConvertible(format.from, format.to)
        ? isKnownEncrypted(source)
          ? createBlocker(
              'conversion',
              `the ${format.from} is encrypted, and cannot be converted without its key`,
              'Decrypt it first with qemu-img convert and its key',
            )
          : createWarning(
              'conversion',
              `${format.from} is converted to ${format.to}, which changes its digests`,
              'Install qemu-img on this machine',
            )
        : createBlocker(
            'conversion',
            `${format.from} cannot be converted to ${format.to}`,
            'Choose another disk format for the new image, or convert it by other means',
            { parameter: 'diskFormat', values: [] },
          ),
    )
  }
  if (method === 'createFromBytes' && overrides.diskFormat !== undefined && overrides.diskFormat !== 'raw')
    checks.push(
      createBlocker(
        'disk-format',
        `the target stores raw disks, not ${overrides.diskFormat}`,
        'Leave out the disk format of the new image',
        { parameter: 'diskFormat', values: [] },
      ),
    )
  if (method === 'createFromBytes' && architecture === null)
    checks.push(
      createBlocker('architecture', 'the architecture of the image is unknown', adviseOwnArchitecture(source), {
        parameter: 'architecture',
        values: ['x86_64', 'aarch64'],
      }),
    )
  return checks
}

const getBaseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? ''

const checkSourceDigests = ({
  source,
  overrides: { sourceDigests = [] },
}: PreflightInput): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = []
  if (source.kind === 'url' && sourceDigests.length === 0) {
    checks.push(
      createWarning(
        'source-digest',
        `the bytes of the URL are not verified: no digest of their publisher is given${source.size === null ? ', and the server does not report their size, so a truncated download is not noticed' : ''}`,
        'Give the digest that the publisher states',
        { parameter: 'sourceDigests', values: [] },
      ),
    )
  }
  const contradiction = findContradiction(sourceDigests)
  if (contradiction !== null) {
    const [one, other] = contradiction
    checks.push(
      createBlocker(
        'source-digest',
        `two different ${one.algorithm} digests are given for the source: ${one.value}, ${other.value}`,
        'Give only the correct digest',
      ),
    )
  }
  const declared =
    source.kind === 'image' && !returnsRawDisks(source)
      ? source.image.digests.filter(({ of, assertedBy }) => of === 'stored' && assertedBy === 'provider')
      : []
  const denied = sourceDigests.find(({ algorithm, value }) =>
    declared.some((one) => one.algorithm === algorithm && one.value.toLowerCase() !== value),
  )
  if (denied !== undefined)
    checks.push(
      createBlocker(
        'source-digest',
        `the ${denied.algorithm} digest of the source differs from the one ${denied.from === null ? 'that was given' : `in ${denied.from}`}`,
        'Choose another image, or give the digest of this one',
      ),
    )
  if (sourceDigests.length > 0 && sourceDigests.every(({ algorithm }) => isWeak(algorithm))) {
    checks.push(
      createWarning(
        'source-digest',
        `${sourceDigests.map(({ algorithm }) => algorithm).join(' and ')} is weak: it detects damage, but not an attack`,
        'Give a sha256 or sha512 digest if the publisher has one',
      ),
    )
  }
  for (const { from, signature, name } of sourceDigests) {
    if (from === null) continue
    if (signature === 'not-verified')
      checks.push(
        createWarning(
          'source-digest',
          `${from} is signed, but imago does not verify signatures`,
          'Verify it with gpg before you trust the digest',
        ),
      )
    if (from.startsWith('http://'))
      checks.push(
        createWarning(
          'source-digest',
          `${from} was fetched without TLS: whoever can change the image in transit can change its digest`,
          'Fetch it by https',
        ),
      )
    const own =
      source.kind === 'image'
        ? (source.image.name ?? '')
        : getBaseName(source.kind === 'file' ? source.path : source.url.replace(/[?#].*$/s, ''))
    if (name !== null && getBaseName(name) !== own)
      checks.push(
        createWarning(
          'source-digest',
          `the digest in ${from} is for ${name}, but the source is named ${own}`,
          'Check that it is the same image',
        ),
      )
  }
  return checks
}

const checkSize = ({ source, target, overrides, format, sent }: PreflightInput): readonly PreflightCheck[] => {
  if (target.kind === 'file') return []
  const { limits } = target.capabilities
  const checks: PreflightCheck[] = []
  if (target.refusal !== undefined && target.refusal !== null)
    checks.push(
      createBlocker(
        'estimate',
        `the target cannot create the image: ${target.refusal}`,
        'Choose another image or target',
      ),
    )
  if (selectUploadMethod(target) === 'createFromBytes') {
    checks.push(
      format.virtualSize === null
        ? createWarning(
            'virtual-size',
            'the size of the disk is unknown until the source has been read',
            'Check that the target has a server type with a disk of that size',
          )
        : createWarning(
            'virtual-size',
            `the disk has ${format.virtualSize} bytes: servers created from it need a disk at least as large, in the provider’s own gigabytes (at Hetzner 1,024,000,000 bytes each)`,
            'Use a smaller image for smaller servers',
          ),
    )
  }
  if (limits.uploadBytes !== null && sent === null)
    checks.push(
      createWarning(
        'size-limit',
        `the target accepts at most ${limits.uploadBytes} bytes, and the size of the image is unknown`,
        'Check the size of the source',
      ),
    )
  if (limits.uploadBytes !== null && sent !== null && sent > limits.uploadBytes)
    checks.push(
      createBlocker(
        'size-limit',
        `the image has ${sent} bytes, and the target accepts at most ${limits.uploadBytes}`,
        'Choose a smaller image, or a more compact format',
      ),
    )
  const hasDigest =
    source.kind !== 'image' ||
    (overrides.sourceDigests ?? []).length > 0 ||
    returnsRawDisks(source) ||
    source.image.digests.some(({ of }) => of === 'stored')
  if (!hasDigest)
    checks.push(
      createWarning(
        'verification',
        'the source has no digest: only the size of the download can be verified',
        'Compare the result with a digest from elsewhere, if one exists',
      ),
    )
  return checks
}

/** A provider that refuses the metadata would do so only after the download, and again at each resume. */
const checkMetadata = ({ source, target, request, format }: PreflightInput): readonly PreflightCheck[] => {
  if (target.kind === 'file' || request === null) return []
  const rules = combineRules(source.kind === 'image' ? source.capabilities : null, target.capabilities)
  const bound = format.convert
    ? Object.keys(request.properties ?? {}).filter((name) => isHypervisorProperty(rules, name))
    : []
  const warnings =
    bound.length === 0
      ? []
      : [
          createWarning(
            'metadata',
            `the disk is converted to ${format.to ?? 'another format'}, but properties still ask for the hypervisor of the source: ${bound.join(', ')}`,
            'Set these properties to what the target needs',
            { parameter: 'properties', values: bound.map((name) => `${name}=…`) },
          ),
        ]
  const problems = findMetadataProblems(request, target.capabilities.metadata ?? {}).map((problem) =>
    createBlocker('metadata', `${target.cloud.provider}: ${problem}`, 'Choose another for the new image'),
  )
  return [...problems, ...warnings]
}

const checkVerification = ({ target, verification }: PreflightInput): readonly PreflightCheck[] => {
  if (verification === 'digest-match' || target.kind === 'file') return []
  const change = { parameter: 'accept', values: [verification] }
  return [
    target.capabilities.operations.includes('download')
      ? createWarning(
          'verification',
          'the target has no digest: the image is downloaded again to compare it',
          `To skip that download, accept the verification level ${verification}`,
          change,
        )
      : createWarning(
          'verification',
          `the target has no digest and does not support downloads: ${verification} is the best verification level possible`,
          `Accept the verification level ${verification}`,
          change,
        ),
  ]
}

/** All preflight checks that block or warn, in this order. */
export const runPreflightChecks = (input: PreflightInput): readonly PreflightCheck[] => [
  ...checkSourceStatus(input),
  ...checkContentType(input),
  ...checkSourceDigests(input),
  ...checkEncryption(input),
  ...checkFormat(input),
  ...checkMetadata(input),
  ...checkSize(input),
  ...checkLimits(input),
  ...checkVerification(input),
]
