import type { Evidence, FieldName, Image } from '@imago/core'
import { compactJson } from './compact-json.ts'

/** The evidence of each field, as printed with `--evidence`. */
export type FieldEvidence = Readonly<Record<FieldName, Evidence>>

const LINE_BREAK = /[\r\n]/

/** JSON that JavaScript would not give back as it came: integers beyond 2^53, and exponents beyond its numbers. */
const BEYOND_NUMBERS = /\d{16}|\d[eE]\+?\d{3}/

const rawJson = (record: unknown, text: string | null): string => {
  if (text !== null && !LINE_BREAK.test(text)) return text
  if (text !== null && BEYOND_NUMBERS.test(text)) return compactJson(text)
  return JSON.stringify(record)
}

/** An image as one line of JSON. Its `raw` is the text of the record as it came, where that is known: nothing is rounded or reordered. */
export const imageJson = (image: Image, text: string | null, evidence: FieldEvidence | null): string => {
  const core = JSON.stringify({ ...image, raw: undefined })
  const proof = evidence === null ? '' : `,"evidence":${JSON.stringify(evidence)}`
  return `${core.slice(0, -1)},"raw":${rawJson(image.raw, text)}${proof}}`
}
