import { rejected, type ImageError } from '@imago/core'
import { addContent, identifyContent, inspectFile, type Inspection } from '@imago/inspect'
import * as E from 'fp-ts/lib/Either.js'
import { isTar } from '../archive/tar.ts'
import { checkContainer } from '../safety/check-container.ts'
import { TRANSFER_SITE, type RunContext } from './context.ts'
import type { Measured } from './meter.ts'
import { adviseNewPlan } from './resumable.ts'

/** Detects a web page or an API response in place of an image. */
const addContentType = ({ inspection, head }: Measured, contentType: string | null): Inspection => {
  const content =
    inspection.format === 'raw' && inspection.content === undefined ? identifyContent(head, contentType) : null
  return content === null ? inspection : addContent(inspection, content)
}

/** Formats without tables. */
const BARE: ReadonlySet<string> = new Set<Inspection['format']>(['raw', 'gpt', 'iso', 'luks'])

/** Follows the tables of a complete file to their end, with imago's inspector and qemu-img. */
const checkTables = async (
  { tools, signal, emit }: RunContext,
  inspection: Inspection,
  path: string,
): Promise<ImageError | null> => {
  if (BARE.has(inspection.format)) return null
  const { failures } = await inspectFile(path).catch(() => inspection)
  if (failures.length > 0) return tools.checkSafety(TRANSFER_SITE, { ...inspection, failures }, null)
  const checked = await tools.checkDisk({ path, format: inspection.format, site: TRANSFER_SITE, signal })()
  if (E.isLeft(checked)) return checked.left
  const { failure, unchecked } = checked.right
  if (unchecked !== null)
    emit({ event: 'note', what: `qemu-img could not check the ${inspection.format}: ${unchecked}` })
  if (failure === null) return null
  return tools.checkSafety(
    TRANSFER_SITE,
    failure.check === 'damaged' ? { ...inspection, doubts: [failure] } : { ...inspection, failures: [failure] },
    null,
  )
}

/** Why bytes are not a safe disk of the declared format; `null`: they are. `contentType`: reported by the server. `path`: the file whose tables are checked. */
export const checkDiskBytes =
  (context: RunContext, declared: string | null, contentType: () => string | null = () => null) =>
  async (measured: Measured, path: string | null): Promise<ImageError | null> => {
    const { tools, plan, options } = context
    const { container, compression: undone } = plan.format
    if (container !== undefined) return checkContainer(TRANSFER_SITE, container, measured, options.allow)
    const compression = tools.detectCompression(measured.head)
    // If the plan decompresses, bytes that are still compressed fail the inspection.
    if (compression !== null && undone === null && options.allow?.includes('not-a-disk') !== true)
      return rejected(TRANSFER_SITE, {
        what: `the source is compressed with ${compression}`,
        ...adviseNewPlan('with that compression', { parameter: 'compression', values: [compression] }),
      })
    const isEncrypted = plan.checks.some(({ check }) => check === 'encryption')
    const inspection = addContentType(measured, contentType())
    return (
      tools.checkSafety(TRANSFER_SITE, inspection, declared, {
        isEncrypted,
        isExtracted: plan.format.archive !== undefined,
      }) ?? (path === null ? null : await checkTables(context, inspection, path))
    )
  }

const notTar = rejected(TRANSFER_SITE, {
  what: 'the source is not a tar archive',
  ...adviseNewPlan('without extracting it', { parameter: 'archive', values: ['none'] }),
})

/** Why packed bytes are not what the plan expects; `null`: they are. An uncompressed archive must start with a header. */
export const checkPackedBytes =
  ({ tools, plan }: RunContext) =>
  async (measured: Measured): Promise<ImageError | null> => {
    const compression = tools.detectCompression(measured.head)
    if (compression === plan.format.compression) return compression === null && !isTar(measured.head) ? notTar : null
    return rejected(TRANSFER_SITE, {
      what: `the source is ${compression === null ? 'not compressed' : `compressed with ${compression}`}, but the plan expects ${plan.format.compression ?? 'no compression'}`,
      ...adviseNewPlan('with the actual compression', { parameter: 'compression', values: [compression ?? 'none'] }),
    })
  }
