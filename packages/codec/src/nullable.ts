import * as t from 'io-ts'

/** `codec` or `null`. */
export const nullable = <C extends t.Mixed>(codec: C, name = `${codec.name} or null`): t.UnionC<[C, t.NullC]> =>
  t.union([codec, t.null], name)
