/**
 * Commands for the rescue system: a Debian with bash, coreutils, util-linux and procps, and the server's disk as /dev/sda.
 * They contain no text of users except numbers and the name of a run, so that nothing is quoted.
 */
export const DISK = '/dev/sda'

/** In bash, for `pipefail`. */
const inBash = (script: string): string => `bash -c '${script}'`

export const DISK_SIZE = `blockdev --getsize64 ${DISK}`

/** Discards the system image on the disk: blocks that are not written later read as zeros. */
export const DISCARD = `blkdiscard -f ${DISK}`

/** Prints those of these tools that exist, one a line. */
export const TOOLS = inBash('for tool in pigz gzip; do if command -v $tool >/dev/null; then echo $tool; fi; done')

const writerFile = (name: string): string => `/tmp/${name}.pid`

/** Stops the writer of a broken connection: the rescue system may not have noticed the break, and the writer would continue with buffered data. */
export const stopWriter = (name: string): string =>
  inBash(
    `{ if read -r writer < ${writerFile(name)}; then pkill -KILL -P $writer; kill -KILL $writer; rm -f ${writerFile(name)}; fi; } 2>/dev/null; true`,
  )

export interface WriteOptions {
  /** The server's name, for the file with the process ID of the writer. */
  readonly name: string
  /** Whether standard input is compressed with gzip. */
  readonly isCompressed: boolean
  /** Whether blocks of zeros are skipped, which requires a discarded disk. */
  readonly skipsHoles: boolean
}

/** Writes standard input to the beginning of the disk, and flushes it. */
export const writeDisk = ({ name, isCompressed, skipsHoles }: WriteOptions): string =>
  inBash(
    `set -euo pipefail; echo $$ > ${writerFile(name)}; ${isCompressed ? 'gzip -dc | ' : ''}dd of=${DISK} bs=4M iflag=fullblock conv=${skipsHoles ? 'sparse,' : ''}notrunc,fsync status=none; sync; rm -f ${writerFile(name)}`,
  )

/** A part of the disk, in bytes. */
export interface DiskRange {
  readonly start: number
  readonly length: number
}

const readRange = ({ start, length }: DiskRange): string =>
  `dd if=${DISK} bs=4M iflag=skip_bytes,count_bytes skip=${start} count=${length} status=none`

/** Prints the SHA-512 of a part of the disk, bypassing caches. */
export const digestCommand = (range: DiskRange): string =>
  inBash(`set -euo pipefail; blockdev --flushbufs ${DISK} || true; ${readRange(range)} | sha512sum`)

export const readDisk = (range: DiskRange, compressor: string | null): string =>
  inBash(`set -euo pipefail; ${readRange(range)}${compressor === null ? '' : ` | ${compressor} -1 -c`}`)

/** Prints the compressed size of samples of the disk. */
export const compressedSizeCommand = (samples: readonly DiskRange[], compressor: string): string =>
  inBash(`set -euo pipefail; { ${samples.map(readRange).join('; ')}; } | ${compressor} -1 -c | wc -c`)
