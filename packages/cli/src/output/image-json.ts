import type { Evidence, FieldName, Image, MonthlyCost } from '@imago/core'
import { compactJson } from './compact-json.ts'

/** The evidence of each field, for `--evidence`. */
export type FieldEvidence = Readonly<Record<FieldName, Evidence>>

/** What is printed of an image besides its fields. An absent key was not requested. */
export interface ImageAdditions {
  readonly evidence?: FieldEvidence
  /** In the form of JSON documents. */
  readonly usage?: unknown
  readonly monthlyCost?: MonthlyCost
  /** The resources that remain when it is deleted, in the form of JSON documents. */
  readonly remaining?: readonly unknown[]
}

const LINE_BREAK = /[\r\n]/

/** JSON that JavaScript cannot reproduce: integers beyond 2^53, and exponents beyond the range of numbers. */
const BEYOND_NUMBERS = /\d{16}|\d[eE]\+?\d{3}/

const rawJson = (record: unknown, text: string | null): string => {
  if (text !== null && !LINE_BREAK.test(text)) return text
  if (text !== null && BEYOND_NUMBERS.test(text)) return compactJson(text)
  return JSON.stringify(record)
}

const thawed = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? [] : list)

/**
 * The image as JSON, without its `raw`. Images share frozen empty lists, and in Node 25 and later (V8 13.8) `JSON.stringify` takes twice as long for an object
 * that contains a frozen array.
 */
const fieldsJson = (image: Image): string =>
  JSON.stringify({
    ...image,
    digests: thawed(image.digests),
    origins: thawed(image.origins),
    stores: thawed(image.stores),
    tags: thawed(image.tags),
    raw: undefined,
  })

/** An image as one line of JSON. Its `raw` is the original text of the record, if known, so that nothing is rounded or reordered. */
export const imageJson = (image: Image, text: string | null, additions: ImageAdditions | null): string => {
  const core = fieldsJson(image)
  const added = additions === null ? '' : JSON.stringify(additions).slice(1, -1)
  return `${core.slice(0, -1)},"raw":${rawJson(image.raw, text)}${added === '' ? '' : `,${added}`}}`
}
