import { formatSizes, findMetadataProblems, formatSize } from '@imago/core'
import { combineRules, isHypervisorProperty } from '../metadata/rules.ts'
import { hasComparableDigest, returnsRawDisks, selectUploadMethod } from './format.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PreflightInput } from './preflight-input.ts'

export const checkSize = ({ source, target, overrides, format, sent }: PreflightInput): readonly PreflightCheck[] => {
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
            `the disk has ${formatSize(format.virtualSize)}: servers created from it need a disk at least as large, in the provider’s own gigabytes (at Hetzner 1,024,000,000 bytes each)`,
            'Use a smaller image for smaller servers',
          ),
    )
  }
  if (limits.uploadBytes !== null && sent === null)
    checks.push(
      createWarning(
        'size-limit',
        `the size of the image is unknown, and the target accepts at most ${formatSize(limits.uploadBytes)}`,
        'Check the size of the source',
      ),
    )
  if (limits.uploadBytes !== null && sent !== null && sent > limits.uploadBytes) {
    const [size = '', allowed = ''] = formatSizes(sent, limits.uploadBytes)
    checks.push(
      createBlocker(
        'size-limit',
        `the image has ${size}, and the target accepts at most ${allowed}`,
        'Choose a smaller image, or a more compact format',
      ),
    )
  }
  const hasDigest =
    source.kind !== 'image' ||
    (overrides.sourceDigests ?? []).length > 0 ||
    returnsRawDisks(source) ||
    hasComparableDigest(source)
  if (!hasDigest)
    checks.push(
      createWarning(
        'verification',
        'the source has no digest of its stored bytes: only the size of the download can be verified',
        'Compare the result with a digest from elsewhere, if one exists',
      ),
    )
  return checks
}

/** A provider that refuses the metadata would do so only after the download, and again at each resume. */
export const checkMetadata = ({ source, target, request, format }: PreflightInput): readonly PreflightCheck[] => {
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
            `the disk is converted to ${format.to ?? 'another format'}, but these properties still name the hypervisor of the source: ${bound.join(', ')}`,
            'Set these properties to what the target needs',
            { parameter: 'properties', values: bound.map((name) => `${name}=…`) },
          ),
        ]
  const problems = findMetadataProblems(request, target.capabilities.metadata ?? {}).map((problem) =>
    createBlocker('metadata', `${target.cloud.provider}: ${problem}`, 'Choose a different one for the new image'),
  )
  return [...problems, ...warnings]
}

export const checkVerification = ({ target, verification }: PreflightInput): readonly PreflightCheck[] => {
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
