import * as t from 'io-ts'

/**
 * A record inside an envelope, as yet unread. Envelopes and lists do not look into their records: each is decoded by itself,
 * with the codec of its kind, so that one bad record never costs its page.
 */
export const HetznerRecord = t.record(t.string, t.unknown, 'object')
export type HetznerRecord = t.TypeOf<typeof HetznerRecord>
