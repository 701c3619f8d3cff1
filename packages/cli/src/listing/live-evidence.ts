import { explainRecord, type Evidence, type FieldName, type Image } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import type { EvidenceOf } from '../output/image-json.ts'
import { readers } from '../readers.ts'

/** The evidence of each field of an image that a provider gave just now; `null`: its record says too little to tell. */
export const evidenceOf = ({ ref, raw }: Image): EvidenceOf | null => {
  const explained = explainRecord(raw, '', { readers, provider: ref.provider })
  if (E.isLeft(explained)) return null
  return Object.fromEntries(explained.right.fields.map(({ field, evidence }) => [field, evidence])) as Record<FieldName, Evidence>
}
