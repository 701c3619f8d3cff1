import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkImage } from '../../src/convert/check.ts'
import { DEFAULT_CONVERSION_LIMITS } from '../../src/convert/limits.ts'
import { SITE } from '../bytes/chunks.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'imago-check-'))
})
afterAll(() => rm(root, { recursive: true }))

/** Runs `checkImage` with a script in place of qemu-img. */
const check = async (
  lines: string,
  { format = 'qcow2', timeoutMs = 10_000 }: { readonly format?: 'qcow2' | 'vdi'; readonly timeoutMs?: number } = {},
) => {
  const folder = await mkdtemp(join(root, 'bin-'))
  const path = join(folder, 'qemu-img')
  await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$@" > "$(dirname "$0")/arguments"\n${lines}\n`)
  await chmod(path, 0o755)
  const answer = await checkImage(
    { path, version: '7.2.0' },
    { path: '/spool/a "b".part', format, limits: { ...DEFAULT_CONVERSION_LIMITS, timeoutMs } },
    SITE,
  )()
  return { answer, args: (await readFile(join(folder, 'arguments'), 'utf8')).trim().split('\n') }
}

describe('checkImage', () => {
  it('passes the file as JSON with its format and without a backing file', async () => {
    const { args } = await check('exit 0')
    expect(args.slice(0, 3)).toEqual(['check', '-U', '--output=json'])
    expect(JSON.parse((args[3] ?? '').replace(/^json:/, ''))).toEqual({
      driver: 'qcow2',
      backing: null,
      file: { driver: 'file', filename: '/spool/a "b".part' },
    })
    expect((await check('exit 0', { format: 'vdi' })).args[3]).toBe(
      'json:{"driver":"vdi","file":{"driver":"file","filename":"/spool/a \\"b\\".part"}}',
    )
  })

  it.each([
    ['the image is intact', 0],
    ['clusters are leaked', 3],
    ['qemu-img cannot check the format', 63],
  ])('reports no failure if %s', async (_, code) =>
    expect((await check(`exit ${code}`)).answer).toMatchObject({ right: { failure: null, unchecked: null } }),
  )

  /** Messages of qemu-img 7.2. */
  it.each([
    [
      'qcow2',
      2,
      'ERROR: counting reference for region exceeding the end of the file by one cluster or more: offset 0x320000 size 0x10000',
    ],
    [
      'VHDX',
      2,
      'qemu-img: VHDX BAT entry 0 end offset 16777215 points after end of file (16776704). Image has probably been truncated.',
    ],
    ['VMDK', 1, 'qemu-img: Check failed: Invalid argument'],
    [
      'VHD',
      1,
      `qemu-img: Could not open 'json:{"driver":"vpc"}': block-vpc: free_data_block_offset points after the end of file. The image has been truncated.`,
    ],
  ])('reports a truncated %s', async (_, code, words) => {
    expect((await check(`cat >&2 <<'E'\n${words}\nE\nexit ${code}`)).answer).toMatchObject({
      right: {
        failure: {
          check: 'truncated',
          what: expect.stringMatching(/^the image was cut short \(qemu-img check: (?!qemu-img|ERROR|Could not open)/),
        },
        unchecked: null,
      },
    })
  })

  it('reports damage with the number of corruptions', async () => {
    const { answer } = await check(
      `echo '{"corruptions": 2, "check-errors": 0}'; echo 'ERROR cluster 5 refcount=0 reference=1' >&2; exit 2`,
    )
    expect(answer).toMatchObject({
      right: {
        failure: {
          check: 'damaged',
          what: 'qemu-img check finds 2 corruptions in its tables (cluster 5 refcount=0 reference=1)',
        },
      },
    })
  })

  /** Messages of qemu-img 7.2. */
  it.each([
    ['VHDX without a valid header', 'No valid VHDX header found'],
    ['qcow2 without its table', 'L1 table is too small'],
    ['VHD with a table that is too large', 'block-vpc: Too many blocks'],
  ])('reports a damaged %s', async (_, words) => {
    const { answer } = await check(
      `cat >&2 <<'E'\nqemu-img: Could not open 'json:{"file": {"filename": "/spool/a \\"b\\".part"}}': ${words}\nE\nexit 1`,
    )
    expect(answer).toEqual({
      _tag: 'Right',
      right: {
        failure: { check: 'damaged', what: `qemu-img cannot open it (${words})`, source: 'qemu-img check' },
        unchecked: null,
      },
    })
  })

  it.each([
    [
      'the image has a log',
      `echo "qemu-img: Could not open 'json:{}': VHDX image file 'json:{}' opened read-only, but contains a log that needs to be replayed" >&2; exit 1`,
      'VHDX image file the file opened read-only, but contains a log that needs to be replayed',
    ],
    [
      'the image has an unsupported feature',
      `echo "qemu-img: Could not open 'json:{}': Unsupported qcow2 feature(s): extended L3" >&2; exit 1`,
      'Unsupported qcow2 feature(s): extended L3',
    ],
    [
      'the file cannot be read',
      `echo "qemu-img: Could not open 'json:{}': Could not open '/spool/a \\"b\\".part': Permission denied" >&2; exit 1`,
      'Permission denied',
    ],
    [
      'the image needs a key',
      `echo "qemu-img: Could not open 'json:{}': Parameter 'encrypt.key-secret' is required for cipher" >&2; exit 1`,
      "Parameter 'encrypt.key-secret' is required for cipher",
    ],
    [
      'qemu-img has too little memory',
      `echo "qemu-img: Check failed: Cannot allocate memory" >&2; exit 1`,
      'Check failed: Cannot allocate memory',
    ],
    ['qemu-img prints no error', 'exit 1', 'qemu-img ended with 1'],
  ])('leaves the image unchecked if %s', async (_, lines, unchecked) =>
    expect((await check(lines)).answer).toMatchObject({ right: { failure: null, unchecked } }),
  )

  it('kills qemu-img after its time limit', async () =>
    expect((await check('sleep 60', { timeoutMs: 200 })).answer).toMatchObject({
      right: { failure: null, unchecked: 'it took too long' },
    }))
})
