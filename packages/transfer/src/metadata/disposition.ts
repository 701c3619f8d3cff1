import type { FieldName } from '@imago/core'

/** What a transfer does with a field: `needed`, the user must set it. */
export type Disposition = 'kept' | 'translated' | 'lost' | 'needed'

/** The disposition of a field, or of one entry of it. */
export interface FieldDisposition {
  readonly field: FieldName
  /** The label, tag or property; `null`: the whole field. */
  readonly entry: string | null
  readonly disposition: Disposition
  /** The value in the source, as text; `null`: none. */
  readonly from: string | null
  /** The value in the target, as text; `null`: none. */
  readonly to: string | null
  /** The translation, the reason for a loss, or the required action; `null`: it is kept. */
  readonly reason: string | null
}

export const keep = (field: FieldName, value: string, reason: string | null = null): FieldDisposition => ({
  field,
  entry: null,
  disposition: 'kept',
  from: value,
  to: value,
  reason,
})

export const translate = (field: FieldName, from: string | null, to: string, reason: string): FieldDisposition => ({
  field,
  entry: null,
  disposition: 'translated',
  from,
  to,
  reason,
})

export const lose = (field: FieldName, from: string, reason: string): FieldDisposition => ({
  field,
  entry: null,
  disposition: 'lost',
  from,
  to: null,
  reason,
})

/** `to` is set by the user, or equals the value of the source. */
export const override = (field: FieldName, from: string | null, to: string): FieldDisposition =>
  to === from ? keep(field, to) : translate(field, from, to, 'as requested')
