import { unitToBytes } from '@imago/provider-kit'

/** Bytes of GiB, the unit of `min_disk`; `undefined` where they are too many to be an exact number. */
export const gibibytesToBytes = unitToBytes(2 ** 30)

/** Bytes of MiB, the unit of `min_ram`; `undefined` where they are too many to be an exact number. */
export const mebibytesToBytes = unitToBytes(2 ** 20)
