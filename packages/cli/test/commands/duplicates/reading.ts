import { afterAll } from '@jest/globals'
import type { Image } from '@imago/core'
import { toIdentity, type ProviderCloud } from '@imago/provider-kit'
import { bareImage, createMemorySource } from '@imago/testkit'
import { delimiter } from 'node:path'
import { chmodSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { duplicates } from '../../../src/commands/duplicates/run.ts'
import type { DuplicatesOptions } from '../../../src/commands/duplicates/options.ts'
import type { ExitCode } from '../../../src/exit-code.ts'
import type { Confirm } from '../../../src/writing/confirm.ts'
import { qemuDisk, qemuImagesWithData } from '../../../../inspect/test/images.ts'
import { memoryLive, openstackCloud } from '../../live.ts'
import type { temporaryFolder } from '../../temporary.ts'

type Folder = ReturnType<typeof temporaryFolder>

const QCOW2 = qemuImagesWithData.get('qcow2') ?? new Uint8Array()

/** Images of one disk as raw, qcow2 and gzip, and of another disk. */
const BYTES: Readonly<Record<string, Uint8Array>> = {
  1: qemuDisk,
  2: QCOW2,
  3: gzipSync(qemuDisk),
  4: qemuDisk.toReversed(),
}

export const createImage = (id: string, disk: string, bytes: Uint8Array, fields: Partial<Image> = {}): Image =>
  bareImage(id, {
    name: `name-${id}`,
    status: 'available',
    visibility: 'private',
    format: { disk, container: 'bare' },
    size: { stored: bytes.length, virtual: null, minDisk: null, minRam: null },
    createdAt: `2026-01-0${id}T00:00:00Z`,
    ...fields,
  })

/**
 * Puts a program in place of qemu-img on the path, which converts only the qcow2 of these tests. The real one runs in the lab tests, because a
 * computer may not have it.
 */
export const installQemuImg = (folder: Folder): void => {
  const [qcow2, raw] = [folder.file('known.qcow2', QCOW2), folder.file('known.raw', qemuDisk)]
  const lines = [
    '#!/bin/sh',
    // The exit code of a format that qemu-img cannot check.
    `case $1 in --version) echo 'qemu-img version 7.2.22'; exit ;; check) exit 63 ;; esac`,
    'for argument; do from=$target; target=$argument; done',
    `cmp "$from" '${qcow2}' >&2 && cp '${raw}' "$target"`,
  ]
  chmodSync(folder.file('qemu-img', `${lines.join('\n')}\n`), 0o755)
  const before = process.env['PATH'] ?? ''
  process.env['PATH'] = `${folder.path('.')}${delimiter}${before}`
  afterAll(() => {
    process.env['PATH'] = before
  })
}

export interface ReadingOptions {
  /** `null`: without a terminal. */
  readonly confirm?: Confirm | null
  /** More images. They replace those with the same ID. */
  readonly more?: readonly Image[]
  /** Receives the number of downloads so far. */
  readonly onRead?: (reads: number) => void
  readonly signal?: AbortSignal
}

export interface ReadingResult {
  readonly code: ExitCode
  readonly output: string
  readonly messages: string
  /** The IDs of the downloaded images. */
  readonly read: readonly string[]
}

/** Runs `imago duplicates --read` on a cloud with these images. */
export const readDuplicates = async (
  folder: Folder,
  options: Partial<DuplicatesOptions> = {},
  { confirm = null, more = [], onRead = () => undefined, signal }: ReadingOptions = {},
): Promise<ReadingResult> => {
  const images = [
    ...Object.entries(BYTES)
      .filter(([id]) => more.every(({ ref }) => ref.id !== id))
      .map(([id, bytes]) => createImage(id, bytes === QCOW2 ? 'qcow2' : 'raw', bytes)),
    ...more,
  ]
  const read: string[] = []
  const live = memoryLive({
    ...(signal === undefined ? {} : { signal }),
    clouds: [openstackCloud('lab')],
    open: (target: ProviderCloud) => {
      const source = createMemorySource({ images, bytes: BYTES, cloud: toIdentity(target) })
      const { download } = source
      if (download === undefined) throw new Error('a source in memory cannot be read')
      return {
        ...source,
        download: (id, parameters) => {
          onRead(read.push(id))
          return download(id, parameters)
        },
      }
    },
  })
  const env = { XDG_STATE_HOME: folder.path('state'), XDG_CACHE_HOME: folder.path('cache') }
  const code = await duplicates(
    [],
    { output: 'value', columns: 'group,evidence,id', read: true, ...options },
    live,
    env,
    confirm,
  )
  return { code, output: live.output.text(), messages: live.messages.text(), read }
}
