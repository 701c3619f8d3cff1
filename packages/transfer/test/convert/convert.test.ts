import type { ImageError } from '@imago/core'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as E from 'fp-ts/lib/Either.js'
import { writeFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convert, parsePercent, type Conversion } from '../../src/convert/convert.ts'
import { DEFAULT_CONVERSION_LIMITS } from '../../src/convert/limits.ts'
import { findQemuImg, parseVersion } from '../../src/convert/qemu-img.ts'
import type { Inspection } from '@imago/inspect'
import { SITE } from '../bytes/chunks.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'imago-convert-'))
})
afterAll(() => rm(root, { recursive: true }))

/** A script in place of qemu-img. The path of the new file is its last argument. */
const program = async (lines: string): Promise<{ readonly path: string; readonly folder: string }> => {
  const folder = await mkdtemp(join(root, 'bin-'))
  const path = join(folder, 'qemu-img')
  await writeFile(path, `#!/bin/sh\nfor target; do :; done\n${lines}\n`)
  await chmod(path, 0o755)
  return { path, folder }
}

const SOUND: Inspection = { format: 'qcow2', formats: ['qcow2'], virtualSize: 1_048_576, failures: [] }

const run = async (lines: string, changes: Partial<Conversion> = {}) => {
  const { path, folder } = await program(lines)
  const from = join(folder, 'from')
  await writeFile(from, 'x')
  const into = join(folder, 'into')
  const answer = await convert(
    { path, version: '7.2.22' },
    { from, inspection: SOUND, format: 'qcow2', to: 'raw', into, ...changes },
    SITE,
  )()
  return { answer, folder, into, left: await readdir(folder) }
}

const toError = (answer: E.Either<ImageError, unknown>): ImageError | null => (E.isLeft(answer) ? answer.left : null)

const MAKES = 'head -c 1048576 /dev/zero > "$target"'

describe('convert', () => {
  it('converts to a new file with explicit formats, inspects it and moves it to its path', async () => {
    const received = join(root, 'received')
    const percents: number[] = []
    // The program continues once its progress was received.
    const onProgress = (percent: number): void => {
      percents.push(percent)
      writeFileSync(received, '')
    }
    const { answer, into, folder, left } = await run(
      `printf '%s\\n' "$@" > "$(dirname "$0")/arguments"; env > "$(dirname "$0")/environment"; ${MAKES}; printf '    (0.00/100%%)\\r    (50.25/100%%)\\r'; until [ -e '${received}' ]; do sleep 0.01; done; printf '    (100.00/100%%)\\r\\n'`,
      { onProgress },
    )
    expect(answer).toMatchObject({ right: { path: into, size: 1_048_576, inspection: { format: 'raw' } } })
    expect(percents).toEqual([50.25, 100])
    expect((await readFile(join(folder, 'arguments'), 'utf8')).split('\n').slice(0, 8)).toEqual([
      'convert',
      '-p',
      '-f',
      'qcow2',
      '-O',
      'raw',
      '-t',
      'writeback',
    ])
    expect(left.toSorted()).toEqual(['arguments', 'environment', 'from', 'into', 'qemu-img'])
    expect(
      (await readFile(join(folder, 'environment'), 'utf8')).split('\n').map((line) => line.split('=')[0]),
    ).not.toContain('HOME')
  })

  it.each<[string, Partial<Conversion>, object]>([
    [
      'failed its inspection',
      {
        inspection: {
          ...SOUND,
          failures: [{ check: 'backing_file', what: 'it names another file', source: 'a test' }],
        },
      },
      { _tag: 'UnsafeImage', check: 'backing_file' },
    ],
    [
      'is not of the declared format',
      { format: 'raw', to: 'qcow2' },
      { _tag: 'UnsafeImage', check: 'format_mismatch' },
    ],
    [
      'has a disk that is too large',
      { inspection: { ...SOUND, virtualSize: 2 ** 60 } },
      { _tag: 'UnsafeImage', check: 'decompression_bomb' },
    ],
    [
      'is encrypted',
      { inspection: { ...SOUND, isEncrypted: true } },
      { _tag: 'Rejected', what: 'the qcow2 is encrypted and cannot be converted without its key', remedy: 'new-plan' },
    ],
    ['already has the target format', { to: 'qcow2' }, { _tag: 'Rejected' }],
    ['has a URL as its path', { from: 'nbd:127.0.0.1:1' }, { _tag: 'Rejected' }],
  ])('does not start qemu-img if the file %s', async (_, changes, error) => {
    const { answer, left } = await run(`touch "$(dirname "$0")/was-run"; ${MAKES}`, changes)
    expect(toError(answer)).toMatchObject(error)
    expect(left).not.toContain('was-run')
  })

  it.each<[string, string, object]>([
    [
      'fails',
      'echo "qemu-img: error while reading at byte 5: Input/output error" >&2; exit 1',
      { _tag: 'Rejected', what: expect.stringContaining('error while reading at byte 5') },
    ],
    [
      'finds the disk full',
      `${MAKES}; echo "qemu-img: error while writing: No space left on device" >&2; exit 1`,
      { _tag: 'Conflict', what: expect.stringMatching(/failed: the disk of \/\S+ is full$/) },
    ],
    ['creates no file', 'exit 0', { _tag: 'Rejected', what: expect.stringContaining('ENOENT') }],
    [
      'creates another format',
      `printf 'QFI\\373\\0\\0\\0\\003' > "$target"; head -c 1048576 /dev/zero >> "$target"`,
      { _tag: 'UnsafeImage' },
    ],
    [
      'creates a disk that is too small',
      'head -c 1000 /dev/zero > "$target"',
      { _tag: 'IntegrityFailed', expected: '1048576 bytes' },
    ],
  ])('reports it and leaves no file if qemu-img %s', async (_, lines, error) => {
    const { answer, left } = await run(lines)
    expect(toError(answer)).toMatchObject(error)
    expect(left.toSorted()).toEqual(['from', 'qemu-img'])
  })

  it.each<[string, string, object]>([
    [
      'is damaged',
      'No valid VHDX header found',
      {
        _tag: 'UnsafeImage',
        check: 'damaged',
        what: 'the image is damaged (check damaged, format qcow2): qemu-img cannot open it (No valid VHDX header found)',
      },
    ],
    ['is not supported by QEMU', 'Unsupported qcow2 feature(s): extended L3', { _tag: 'Rejected', remedy: 'new-plan' }],
    [
      'cannot be read',
      'Permission denied',
      { _tag: 'Rejected', what: 'the conversion from qcow2 to raw failed: Permission denied' },
    ],
  ])('omits the path from the error if the file %s', async (_, words, error) => {
    const { answer, folder } = await run(`echo "qemu-img: Could not open '$(dirname "$0")/from': ${words}" >&2; exit 1`)
    expect(toError(answer)).toMatchObject(error)
    expect(JSON.stringify(toError(answer))).not.toContain(folder)
  })

  it('kills qemu-img and its children after the time limit', async () => {
    const { answer, left } = await run(`${MAKES}; sleep 60 & wait`, {
      limits: { ...DEFAULT_CONVERSION_LIMITS, timeoutMs: 300 },
    })
    expect(toError(answer)).toMatchObject({
      _tag: 'Unavailable',
      what: expect.stringContaining('longer than 0.3 s'),
      hint: expect.stringMatching(/^Resume when the machine is less busy; or convert it by other means/),
    })
    expect(left.toSorted()).toEqual(['from', 'qemu-img'])
  })

  it('kills qemu-img when the signal is aborted', async () => {
    const controller = new AbortController()
    const { answer, left } = await run(`${MAKES}; printf '    (1.00/100%%)\\r'; sleep 60`, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(toError(answer)).toMatchObject({ _tag: 'Aborted' })
    expect(left.toSorted()).toEqual(['from', 'qemu-img'])
  })

  it('finds qemu-img in absolute folders of the search path, and checks its version', async () => {
    const { folder, path } = await program(
      'echo "qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)"; echo "Copyright (c) 2003-2022"',
    )
    expect(await findQemuImg(`relative:/nowhere:${folder}`, SITE)()).toEqual(E.right({ path, version: '7.2.22' }))
    expect(toError(await findQemuImg('/nowhere', SITE)())).toMatchObject({
      _tag: 'ConfigInvalid',
      what: expect.stringContaining('qemu-img is not installed'),
    })
    const old = await program('echo "qemu-img version 5.2.0"')
    expect(toError(await findQemuImg(old.folder, SITE)())).toMatchObject({
      _tag: 'ConfigInvalid',
      what: expect.stringContaining('5.2.0'),
    })
    const mute = await program('exit 3')
    expect(toError(await findQemuImg(mute.folder, SITE)())).toMatchObject({
      _tag: 'ConfigInvalid',
      what: expect.stringMatching(/^the version of .* is unknown$/),
    })
    expect(parseVersion('qemu-img version 10.0.2')).toBe('10.0.2')
  })

  it('returns the last printed percentage', () => {
    expect(parsePercent('    (0.00/100%)\r    (12.34/100%)\r')).toBe(12.34)
    expect(parsePercent('    (1')).toBeNull()
  })
})
