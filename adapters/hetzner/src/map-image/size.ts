import { unitToBytes } from '@imago/provider-kit'

/**
 * The bytes of a "GB" at Hetzner. Neither 10^9 nor 2^30: the devices of "20 GB" and "40 GB" servers are 20,480,786,432 and 40,961,572,864 bytes,
 * and a raw `image_size` of 0.64352086328125 is exactly 658,965,364 bytes at this factor.
 */
export const BYTES_PER_GB = 1.024e9

/** Converts gigabytes to bytes; `undefined`: too many to be an exact number. */
export const gigabytesToBytes = unitToBytes(BYTES_PER_GB)

/** The minimum disk for `bytes`, in GB. Devices are slightly larger than the factor, which is not relied on. */
export const toDiskGigabytes = (bytes: number): number => Math.ceil(bytes / BYTES_PER_GB)
