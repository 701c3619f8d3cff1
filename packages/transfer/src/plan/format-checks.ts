import { isConvertible, selectUploadMethod } from './format.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PreflightInput } from './preflight-input.ts'
import { isKnownEncrypted } from './source-checks.ts'
import { explainsFormat, checkSourceFacts } from './source-facts-checks.ts'
import type { TransferSource } from './transfer-input.ts'

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

export const checkFormat = ({
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
              'Check that qemu-img is installed on this machine',
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
