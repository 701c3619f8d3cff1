import { explainRecord, type DumpOptions, type Evidence, type FieldName } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { ImageAdditions } from '../../output/image-json.ts'

/** The evidence of each field of a record's image; `null`: the record is an image that imago printed. */
export const readAdditions = (record: unknown, options: DumpOptions): ImageAdditions | null => {
  const explained = explainRecord(record, '', options)
  if (E.isLeft(explained)) return null
  const fields = explained.right.fields.map(({ field, evidence }) => [field, evidence] as const)
  return { evidence: Object.fromEntries(fields) as Record<FieldName, Evidence> }
}
