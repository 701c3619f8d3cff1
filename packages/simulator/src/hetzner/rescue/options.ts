/** Options of the servers' disks and rescue systems. */
export interface RescueOptions {
  /**
   * The port of all rescue systems, each on its server's own loopback address. 0: a port that is free at the simulator's start. Default: 22, as in
   * the real cloud, if this process may listen on it and it is free; otherwise a free port.
   */
  readonly port?: number | undefined
  /** The number of bytes per GB of a server type; disks end at a full sector of 512 bytes. Default: 1,024,039,321.6, as in the real cloud. */
  readonly bytesPerGb?: number | undefined
  /** The parent of the disks' directory, which is deleted when the simulator closes. Default: the system's directory for temporary files. */
  readonly directory?: string | undefined
  /** The time from boot until a rescue system listens, in milliseconds of real time. Default: 0. */
  readonly bootMs?: number | undefined
  /** The effect of `blkdiscard`: writes zeros, changes nothing (as disks may), or fails (as on disks without support). Default: zeros. */
  readonly discard?: 'zeros' | 'nothing' | 'unsupported' | undefined
}

/**
 * The number of bytes of a device per GB of a server type: devices of 20 and 40 GB have 20,480,786,432 and 40,961,572,864 bytes (`lsblk -b` in public
 * posts).
 */
export const BYTES_PER_GB = 1_024_039_321.6

export const SECTOR = 512

/** Returns the size of a disk of this many GB, in bytes. */
export const diskBytes = (gb: number, bytesPerGb: number): number =>
  Math.max(1, Math.floor((gb * bytesPerGb) / SECTOR)) * SECTOR

/** Converts bytes to `image_size`: its GB is 1.024 * 10^9 bytes, slightly less than that of a device. */
export const toImageSize = (bytes: number, bytesPerGb: number): number =>
  bytes / (bytesPerGb * (1.024e9 / BYTES_PER_GB))
