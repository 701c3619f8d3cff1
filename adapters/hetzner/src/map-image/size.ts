import { unitToBytes } from '@imago/provider-kit'

/**
 * Bytes in a Hetzner "GB". Neither 10^9 nor 2^30: the devices of "20 GB" and "40 GB" servers are 20,480,786,432 and 40,961,572,864 bytes,
 * and a raw `image_size` of 0.64352086328125 is exactly 658,965,364 bytes at this factor.
 */
export const BYTES_PER_GB = 1.024e9

/** Bytes of gigabytes; `undefined` where they are too many to be an exact number. */
export const gigabytesToBytes = unitToBytes(BYTES_PER_GB)

/** The least GB of a disk that `bytes` fit on. Devices are some hundredths of a percent larger than the factor says: that is not relied on. */
export const toDiskGigabytes = (bytes: number): number => Math.ceil(bytes / BYTES_PER_GB)
