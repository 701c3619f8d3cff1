/** How servers get disks and a rescue system. */
export interface RescueOptions {
  /**
   * The port of every rescue system, on its server's own loopback address. 0 is one that is free when the simulator starts.
   * Default: 22, as on the real cloud, where this process may listen on it and nobody does; else a free one.
   */
  readonly port?: number | undefined
  /** How many bytes a disk has for each GB of its server type; disks end at a whole sector of 512 bytes. Default: 1,024,039,321.6, as on the real cloud. */
  readonly bytesPerGb?: number | undefined
  /** Where the directory of the disks is made; it is removed when the simulator closes. Default: the computer's directory for temporary files. */
  readonly directory?: string | undefined
  /** How long a rescue system takes from the boot until something listens, in milliseconds of real time. Default: 0. */
  readonly bootMs?: number | undefined
  /** What `blkdiscard` does: makes zeros, changes nothing (a disk need not), or fails as where a disk cannot. Default: zeros. */
  readonly discard?: 'zeros' | 'nothing' | 'unsupported' | undefined
}

/** Bytes of a device for each GB of a server type: devices of 20 and 40 GB have 20,480,786,432 and 40,961,572,864 bytes (`lsblk -b` in public posts). */
export const BYTES_PER_GB = 1_024_039_321.6

export const SECTOR = 512

/** The bytes of a disk of so many GB. */
export const diskBytes = (gb: number, bytesPerGb: number): number =>
  Math.max(1, Math.floor((gb * bytesPerGb) / SECTOR)) * SECTOR

/** What `image_size` says of so many bytes: there a GB is 1.024 * 10^9 bytes, a little less than on a device. */
export const toImageSize = (bytes: number, bytesPerGb: number): number =>
  bytes / (bytesPerGb * (1.024e9 / BYTES_PER_GB))
