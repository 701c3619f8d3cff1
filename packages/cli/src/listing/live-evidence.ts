import { explainRecord, type Evidence, type FieldName, type Image } from '@imago/core'
import type { Provider } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import type { FieldEvidence } from '../output/image-json.ts'

/** The evidence of each field of an image; `null`: its record is not recognized. */
export const readEvidence = ({ ref, raw }: Image, providers: readonly Provider[]): FieldEvidence | null => {
  const explained = explainRecord(raw, '', { readers: providers.map(({ reader }) => reader), provider: ref.provider })
  if (E.isLeft(explained)) return null
  return Object.fromEntries(explained.right.fields.map(({ field, evidence }) => [field, evidence])) as Record<
    FieldName,
    Evidence
  >
}
