import { findMetadataProblems, type NewImage, type VerificationLevel } from '@imago/core'
import { findPageType } from '@imago/inspect'
import { combineRules, hasEncryptionProperty, isHypervisorProperty } from '../metadata/rules.ts'
import { isWeak } from '../digests/algorithm.ts'
import { findContradiction } from '../digests/expected-digest.ts'
import { explainsFormat, checkSourceFacts } from './source-facts-checks.ts'
import { readSourceFacts, returnsRawDisks, isConvertible, selectUploadMethod } from './format.ts'
import { blocks, warns } from './preflight-check.ts'
import { checkLimits } from './limit-checks.ts'
import type { PreflightCheck, PlanFormat } from './plan.ts'
import type { TransferSource, TransferTarget, TransferOverrides } from './transfer-input.ts'

/** What checks look at. */
export interface PreflightInput {
  readonly source: TransferSource
  readonly target: TransferTarget
  readonly overrides: TransferOverrides
  readonly format: PlanFormat
  /** The record to be made; `null`: the target is a file. */
  readonly request: NewImage | null
  /** The new image's; `null`: nobody says. */
  readonly architecture: string | null
  /** Bytes that the target is sent; `null`: not known. */
  readonly sent: number | null
  readonly verification: VerificationLevel
}

/** What a URL's server calls its bytes is no proof: servers call disks many things. */
const contentChecks = ({ source }: PreflightInput): readonly PreflightCheck[] => {
  const page = source.kind === 'url' ? findPageType(source.contentType ?? null) : null
  return page === null
    ? []
    : [
        warns(
          'source-content',
          `the server of the URL calls what is there ${page.title} (${page.type})`,
          'Open the URL in a browser: it may lead to a page about the image. What is no disk is refused once it is here',
        ),
      ]
}

const isKnownEncrypted = (source: TransferSource): boolean => readSourceFacts(source)?.isEncrypted === true

const encryptionChecks = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
  const isMarked = source.kind === 'image' && hasEncryptionProperty(source.capabilities.metadata ?? {}, source.image)
  if (!isMarked && !isKnownEncrypted(source) && format.from !== 'luks') return []
  return [
    warns(
      'encryption',
      'the bytes are ciphertext: the copy can be read only with the key, which stays where it is kept now',
      'Store the key where the copy is to be used, and name it there; or move the decrypted disk',
    ),
  ]
}

const sourceChecks = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
  if (source.kind !== 'image') return []
  const { status, kind, deprecatedAt, unavailableAfter, size } = source.image
  const checks: PreflightCheck[] = []
  if (!source.capabilities.operations.includes('download'))
    checks.push(
      blocks(
        'source-download',
        'the source’s provider does not give the bytes of images',
        'See the capabilities of its cloud',
      ),
    )
  if (status === 'unavailable')
    checks.push(
      blocks('source-status', 'the source is withheld (deactivated): its data cannot be read', 'Reactivate it first'),
    )
  else if (status !== 'available' && status !== 'unknown')
    checks.push(
      blocks(
        'source-status',
        `the source is ${status}`,
        status === 'pending' ? 'Wait until it is available' : 'Choose another image',
      ),
    )
  // Nova makes such a record of a server whose disks are volumes: snapshots of them are what it stands for. Since 2026 it calls them raw, before qcow2.
  if (size.stored === 0 && format.from !== null && (format.from !== 'raw' || kind === 'snapshot'))
    checks.push(
      blocks(
        'source-download',
        `the source has no bytes, and so no ${format.from} disk: it stands for volumes, or for nothing`,
        'Leave it out, and move the volumes by other means',
      ),
    )
  if (deprecatedAt !== null)
    checks.push(
      warns(
        'source-deprecated',
        `the source is deprecated since ${deprecatedAt}${unavailableAfter === null ? '' : `, and unavailable after ${unavailableAfter}`}`,
        'See whether a newer image will do',
      ),
    )
  return checks
}

/** How each of several images that differ is given its own. */
const ownArchitecture = (source: TransferSource): string => {
  const rule =
    source.kind === 'image'
      ? source.capabilities.metadata?.fieldProperties?.find(({ field }) => field === 'architecture')
      : undefined
  return rule === undefined
    ? ''
    : `; of several images that differ, set that of each: imago set IMAGE --set-property ${rule.property}=x86_64`
}

const formatChecks = ({
  source,
  target,
  overrides,
  format,
  architecture,
}: PreflightInput): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = [...checkSourceFacts(source, overrides, format)]
  const way = selectUploadMethod(target)
  const container = source.kind === 'image' ? source.image.format.container : null
  if (target.kind === 'cloud' && way === null)
    checks.push(
      blocks('target-takes-bytes', 'the target’s provider takes no bytes', 'See the capabilities of its cloud'),
    )
  if (format.from === null && !explainsFormat(checks) && (way !== null || overrides.diskFormat !== undefined))
    checks.push(
      blocks('disk-format', 'nobody says which disk format the source has', 'Say it: --source-format raw, qcow2 …'),
    )
  if (
    container !== null &&
    container !== 'bare' &&
    format.archive === undefined &&
    (way === 'createFromBytes' || format.convert)
  ) {
    checks.push(
      blocks(
        'container-format',
        `the source is in a container (${container}), of which no disk can be made here`,
        'Unpack it first, then move the disk inside as a file',
      ),
    )
  }
  if (format.convert && format.from !== null && format.to !== null) {
    checks.push(
      isConvertible(format.from, format.to)
        ? isKnownEncrypted(source)
          ? blocks(
              'conversion',
              `the ${format.from} is encrypted: it cannot be converted without its key`,
              'Decrypt it first: qemu-img convert, with its key',
            )
          : warns(
              'conversion',
              `${format.from} is converted into ${format.to}: the digests of the source are not those of the result`,
              'It needs qemu-img on this machine',
            )
        : blocks(
            'conversion',
            `${format.from} cannot be converted into ${format.to}`,
            'Ask for another --disk-format, or convert it by other means',
          ),
    )
  }
  if (way === 'createFromBytes' && overrides.diskFormat !== undefined && overrides.diskFormat !== 'raw')
    checks.push(
      blocks('disk-format', `the target keeps disks, and no ${overrides.diskFormat}`, 'Leave --disk-format out'),
    )
  if (way === 'createFromBytes' && architecture === null)
    checks.push(
      blocks(
        'architecture',
        'the architecture of the image is unknown',
        `Add --set-arch x86_64 or --set-arch aarch64${ownArchitecture(source)}`,
      ),
    )
  return checks
}

const baseOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? ''

const sourceDigestChecks = ({
  source,
  overrides: { sourceDigests = [] },
}: PreflightInput): readonly PreflightCheck[] => {
  const checks: PreflightCheck[] = []
  if (source.kind === 'url' && sourceDigests.length === 0) {
    checks.push(
      warns(
        'source-digest',
        `the bytes of the URL are not checked: no digest of its publisher is given${source.size === null ? ', and its server does not say how many there are, so that a part would pass for the whole' : ''}`,
        'Give one: --digest sha256:… or --digest-file',
      ),
    )
  }
  const differing = findContradiction(sourceDigests)
  if (differing !== null) {
    const [one, other] = differing
    checks.push(
      blocks(
        'source-digest',
        `two ${one.algorithm} digests are given for the source, and differ: ${one.value}, ${other.value}`,
        'Give the one that is right',
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
      blocks(
        'source-digest',
        `the source's ${denied.algorithm} is not the one that ${denied.from ?? 'was given'}${denied.from === null ? '' : ' gives'}`,
        'Choose another image, or give its own digest',
      ),
    )
  if (sourceDigests.length > 0 && sourceDigests.every(({ algorithm }) => isWeak(algorithm))) {
    checks.push(
      warns(
        'source-digest',
        `${sourceDigests.map(({ algorithm }) => algorithm).join(' and ')} is weak: it reveals damage, but not an attack`,
        'Give a sha256 or sha512 digest, if the publisher has one',
      ),
    )
  }
  for (const { from, signature, name } of sourceDigests) {
    if (from === null) continue
    if (signature === 'not-verified')
      checks.push(
        warns(
          'source-digest',
          `${from} is signed, and imago does not verify the signature`,
          'Verify it with gpg before you trust the digest',
        ),
      )
    if (from.startsWith('http://'))
      checks.push(
        warns(
          'source-digest',
          `${from} came without TLS: whoever can change the image on its way can change its digest`,
          'Get it by https',
        ),
      )
    const own =
      source.kind === 'image'
        ? (source.image.name ?? '')
        : baseOf(source.kind === 'file' ? source.path : source.url.replace(/[?#].*$/s, ''))
    if (name !== null && baseOf(name) !== own)
      checks.push(
        warns(
          'source-digest',
          `${from} gives the digest of ${name}, and the source is called ${own}`,
          'See that it is the same image',
        ),
      )
  }
  return checks
}

const sizeChecks = ({ source, target, overrides, format, sent }: PreflightInput): readonly PreflightCheck[] => {
  if (target.kind === 'file') return []
  const { limits } = target.capabilities
  const checks: PreflightCheck[] = []
  if (target.refusal !== undefined && target.refusal !== null)
    checks.push(blocks('estimate', `the target says: ${target.refusal}`, 'Choose another image or target'))
  if (selectUploadMethod(target) === 'createFromBytes') {
    checks.push(
      format.virtualSize === null
        ? warns(
            'virtual-size',
            'how large the disk is, is known only once it is here',
            'See that the target has a server type whose disk is as large',
          )
        : warns(
            'virtual-size',
            `the disk has ${format.virtualSize} bytes: servers made of it need one at least as large, in the provider’s own gigabytes (at Hetzner 1,024,000,000 bytes each)`,
            'A smaller image fits smaller servers',
          ),
    )
  }
  if (limits.uploadBytes !== null && sent === null)
    checks.push(
      warns(
        'size-limit',
        `the target takes at most ${limits.uploadBytes} bytes, and how many there are is not known`,
        'See how large the source is',
      ),
    )
  if (limits.uploadBytes !== null && sent !== null && sent > limits.uploadBytes)
    checks.push(
      blocks(
        'size-limit',
        `${sent} bytes are more than the ${limits.uploadBytes} that the target takes`,
        'Choose a smaller image, or a format that needs less',
      ),
    )
  const isTold =
    source.kind !== 'image' ||
    (overrides.sourceDigests ?? []).length > 0 ||
    returnsRawDisks(source) ||
    source.image.digests.some(({ of }) => of === 'stored')
  if (!isTold)
    checks.push(
      warns(
        'verification',
        'the source declares no digest: that its bytes arrive here as they are there is known by their number alone',
        'Compare with a digest from elsewhere, if there is one',
      ),
    )
  return checks
}

/** A provider that refuses the record does so once the bytes are here, and again at each resume. */
const metadataChecks = ({ source, target, request, format }: PreflightInput): readonly PreflightCheck[] => {
  if (target.kind === 'file' || request === null) return []
  const rules = combineRules(source.kind === 'image' ? source.capabilities : null, target.capabilities)
  const bound = format.convert
    ? Object.keys(request.properties ?? {}).filter((name) => isHypervisorProperty(rules, name))
    : []
  const hints =
    bound.length === 0
      ? []
      : [
          warns(
            'metadata',
            `the bytes are converted into ${format.to ?? '?'}, and properties ask for the hypervisor of the source: ${bound.join(', ')}`,
            `Set what the target needs: --set-property ${bound[0] ?? ''}=…`,
          ),
        ]
  const problems = findMetadataProblems(request, target.capabilities.metadata ?? {}).map((problem) =>
    blocks('metadata', `${target.cloud.provider}: ${problem}`, 'Choose another for the new image'),
  )
  return [...problems, ...hints]
}

const verificationChecks = ({ target, verification }: PreflightInput): readonly PreflightCheck[] => {
  if (verification === 'digest-match' || target.kind === 'file') return []
  const readable = target.capabilities.operations.includes('download')
  return [
    readable
      ? warns(
          'verification',
          `the target gives no digest: the image is read back over the network to compare`,
          `--accept ${verification} leaves that out`,
        )
      : warns(
          'verification',
          `the target gives no digest, and no bytes back: ${verification} is the best that can be known`,
          `It needs --accept ${verification}`,
        ),
  ]
}

/** What stands in the way, and what to know before; in this order. */
export const runPreflightChecks = (situation: PreflightInput): readonly PreflightCheck[] => [
  ...sourceChecks(situation),
  ...contentChecks(situation),
  ...sourceDigestChecks(situation),
  ...encryptionChecks(situation),
  ...formatChecks(situation),
  ...metadataChecks(situation),
  ...sizeChecks(situation),
  ...checkLimits(situation),
  ...verificationChecks(situation),
]
