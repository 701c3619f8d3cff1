import * as t from 'io-ts'

/**
 * A record in an envelope, not decoded. Envelopes and lists do not check their records: each is decoded by itself, so that an invalid record
 * does not invalidate its page.
 */
export const HetznerRecord = t.record(t.string, t.unknown, 'object')
export type HetznerRecord = t.TypeOf<typeof HetznerRecord>
