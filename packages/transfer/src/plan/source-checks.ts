import { findPageType } from '@imago/inspect'
import { hasEncryptionProperty } from '../metadata/rules.ts'
import { readSourceFacts } from './format.ts'
import type { PreflightCheck } from './plan.ts'
import { createBlocker, createWarning } from './preflight-check.ts'
import type { PreflightInput } from './preflight-input.ts'
import type { TransferSource } from './transfer-input.ts'

/** Only a warning: servers label disks with many content types. */
export const checkContentType = ({ source }: PreflightInput): readonly PreflightCheck[] => {
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

export const isKnownEncrypted = (source: TransferSource): boolean => readSourceFacts(source)?.isEncrypted === true

export const checkEncryption = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
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

export const checkSourceStatus = ({ source, format }: PreflightInput): readonly PreflightCheck[] => {
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
        `the status of the source is ${status}`,
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
        `the source has been deprecated since ${deprecatedAt}${unavailableAfter === null ? '' : `, and is unavailable after ${unavailableAfter}`}`,
        'Check whether a newer image can be used',
      ),
    )
  return checks
}
