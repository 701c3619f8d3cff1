import type { HetznerLabels } from '@imago/schema-hetzner/image'
import { RUN_LABEL } from '@imago/core/provider'
import { BYTES } from '../transfer-labels.ts'

type Labels = HetznerLabels | null | undefined

/**
 * Whether a transfer of imago created the snapshot, with the disk of a temporary server. Hetzner's operating system is then that of the server, not of
 * the image.
 */
export const isTransferred = (labels: Labels): boolean => labels?.[RUN_LABEL] !== undefined

/** The texts around the base64url of a value that is not a valid label. */
const ENCODED = /^b64\.([-_A-Za-z0-9]{1,63})\.e$/

const decode = (value: string): string => {
  const code = ENCODED.exec(value)?.[1]
  if (code === undefined) return value
  const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  return new TextDecoder().decode(bytes)
}

/** Never throws: users may write labels that are not base64. */
const decodeText = (value: string): string | undefined => {
  try {
    return decode(value)
  } catch {
    return undefined
  }
}

/** The property or field in the label of a transfer; `undefined`: absent. */
export const decodeLabel = (value: string | undefined): string | undefined =>
  value === undefined || value === '' ? undefined : decodeText(value)

const WHOLE = /^[1-9]\d{0,15}$/

const parseCount = (text: string | undefined): number | undefined =>
  text !== undefined && WHOLE.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined

/** The bytes that a transfer wrote to the disk; `undefined`: not created by a transfer. */
export const bytesWritten = (labels: Labels): number | undefined => parseCount(labels?.[BYTES])

/** The source's minimum memory in bytes. */
export const minRamLabel = (labels: Labels): number | undefined =>
  parseCount(decodeLabel(labels?.['imago.field/min-ram']))
