import { unitToBytes } from '@imago/provider-kit'

/** Converts GiB, the unit of `min_disk`, to bytes; `undefined` above the safe integer range. */
export const gibibytesToBytes = unitToBytes(2 ** 30)

/** Converts MiB, the unit of `min_ram`, to bytes; `undefined` above the safe integer range. */
export const mebibytesToBytes = unitToBytes(2 ** 20)
