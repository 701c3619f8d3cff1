import type { HetznerLabels } from '@imago/schema-hetzner/image'
import { BYTES, RUN } from '../transfer-labels.ts'

type Labels = HetznerLabels | null | undefined

/**
 * Whether a transfer of imago's made the snapshot, from bytes on the disk of a temporary server. What Hetzner says of its operating system is then
 * true of that server, not of the image.
 */
export const isTransferred = (labels: Labels): boolean => labels?.[RUN] !== undefined

/** What a transfer writes before and after a value that no label can hold as it is; between them stands base64url. */
const ENCODED = /^b64\.([-_A-Za-z0-9]{1,63})\.e$/

const decoded = (value: string): string => {
  const code = ENCODED.exec(value)?.[1]
  if (code === undefined) return value
  const bytes = Uint8Array.from(atob(code.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  return new TextDecoder().decode(bytes)
}

/** `decoded`, total: a user may have written what is no base64. */
const decodeText = (value: string): string | undefined => {
  try {
    return decoded(value)
  } catch {
    return undefined
  }
}

/** What the label of a transfer that stands for a property or a field says; `undefined`: there is none. */
const said = (labels: Labels, key: string): string | undefined => {
  const value = labels?.[key]
  return value === undefined || value === '' ? undefined : decodeText(value)
}

export const propertyLabel = (labels: Labels, name: string): string | undefined =>
  said(labels, `imago.property/${name}`)

const WHOLE = /^[1-9]\d{0,15}$/

const parseCount = (text: string | undefined): number | undefined =>
  text !== undefined && WHOLE.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined

/** Bytes of the disk that a transfer wrote; `undefined`: no transfer did. */
export const bytesWritten = (labels: Labels): number | undefined => parseCount(labels?.[BYTES])

/** Bytes of memory that the source asked for. */
export const minRamLabel = (labels: Labels): number | undefined => parseCount(said(labels, 'imago.field/min-ram'))
