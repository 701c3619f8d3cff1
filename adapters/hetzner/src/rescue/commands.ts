/**
 * What is run in the rescue system: a Debian with bash, coreutils, util-linux and procps, and the server's disk as /dev/sda.
 * Nothing of a user's stands in a command but numbers and the name of a run, so nothing need be quoted.
 */
export const DISK = '/dev/sda'

/** In bash, because only there a pipe fails with its first part. */
const inBash = (script: string): string => `bash -c '${script}'`

export const DISK_SIZE = `blockdev --getsize64 ${DISK}`

/** Forgets what the system image left on the disk: what is not written later reads as zeros. */
export const DISCARD = `blkdiscard -f ${DISK}`

/** What of these is there, each on a line. */
export const TOOLS = inBash('for tool in pigz gzip; do if command -v $tool >/dev/null; then echo $tool; fi; done')

const writerFile = (name: string): string => `/tmp/${name}.pid`

/** Ends the writer of a connection that broke: the rescue system may not have noticed, and the writer would go on with what is still on its way. */
export const stopWriter = (name: string): string =>
  inBash(
    `{ if read -r writer < ${writerFile(name)}; then pkill -KILL -P $writer; kill -KILL $writer; rm -f ${writerFile(name)}; fi; } 2>/dev/null; true`,
  )

export interface WriteWishes {
  /** Of the server: names the file that tells which process writes. */
  readonly name: string
  /** Whether what comes is in gzip's form. */
  readonly isPacked: boolean
  /** Whether blocks of zeros are passed over: only where the disk was discarded. */
  readonly skipsHoles: boolean
}

/** Writes standard input to the disk from its beginning, and through to the disk itself. */
export const writeDisk = ({ name, isPacked, skipsHoles }: WriteWishes): string =>
  inBash(
    `set -euo pipefail; echo $$ > ${writerFile(name)}; ${isPacked ? 'gzip -dc | ' : ''}dd of=${DISK} bs=4M iflag=fullblock conv=${skipsHoles ? 'sparse,' : ''}notrunc,fsync status=none; sync; rm -f ${writerFile(name)}`,
  )

/** Part of the disk, in bytes. */
export interface Stretch {
  readonly start: number
  readonly length: number
}

const readStretch = ({ start, length }: Stretch): string =>
  `dd if=${DISK} bs=4M iflag=skip_bytes,count_bytes skip=${start} count=${length} status=none`

/** The SHA-512 of part of the disk, read anew from the disk. */
export const digestCommand = (stretch: Stretch): string =>
  inBash(`set -euo pipefail; blockdev --flushbufs ${DISK} || true; ${readStretch(stretch)} | sha512sum`)

export const readDisk = (stretch: Stretch, packer: string | null): string =>
  inBash(`set -euo pipefail; ${readStretch(stretch)}${packer === null ? '' : ` | ${packer} -1 -c`}`)

/** How many bytes samples of part of the disk have when they are compressed. */
export const packedSizeCommand = (samples: readonly Stretch[], packer: string): string =>
  inBash(`set -euo pipefail; { ${samples.map(readStretch).join('; ')}; } | ${packer} -1 -c | wc -c`)
