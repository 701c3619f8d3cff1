import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runningLabs, type Lab } from '@imago/lab'
import fc from 'fast-check'
import type { Inspection } from '../src/index.ts'
import { toView } from '../src/fields.ts'
import { image } from './any-image.ts'
import { failed, inspect, qemuImage, qemuImages, vectors } from './images.ts'

interface Judgement {
  readonly match: boolean
  readonly size: number
  readonly safe: boolean
}

interface Case {
  readonly name: string
  readonly path: string
  readonly bytes: Uint8Array
}

const folder = mkdtempSync(join(tmpdir(), 'inspect-lab-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, bytes: Uint8Array, index: number): Case => {
  const path = join(folder, `${index}.img`)
  writeFileSync(path, bytes)
  return { name, path, bytes }
}

const seed = fc.readConfigureGlobal().seed ?? Date.now()
const ROUNDS = 400
const cases: Case[] = []

beforeAll(() => {
  const made = fc
    .sample(image, { seed, numRuns: ROUNDS })
    .map((bytes, index) => [`seed ${seed}, image ${index}`, bytes] as const)
  const all = [...vectors.map(({ name, bytes }) => [name, bytes] as const), ...qemuImages, ...made]
  cases.push(...all.map(([name, bytes], index) => write(name, bytes, index)))
})

/** The inspector of the lab's Glance, which it inspects uploads with. */
const [{ release, programs }] = runningLabs(process.env)
const inspector = { debian: 'glance', newest: 'oslo' }[release]

/** The possible differences between the two inspectors, for one format of one file. */
type Difference = 'format only there' | 'format only here' | 'size' | 'unsafe only there' | 'unsafe only here'

interface KnownDifference {
  readonly of: readonly Lab['release'][]
  readonly formats: readonly string[]
  readonly difference: Difference
  readonly applies: (bytes: Uint8Array, ours: Inspection) => boolean
  readonly because: string
}

const startsWith = (bytes: Uint8Array, magic: string): boolean =>
  Buffer.from(bytes).toString('latin1', 0, magic.length) === magic

/** Whether data follows the zero at the end of a descriptor, inside its space. */
const goesOn = (bytes: Uint8Array): boolean => {
  const room = bytes.subarray(512, 512 + Math.min(Number(toView(bytes, 512).getBigUint64(36, true)) * 512, 1_048_575))
  const end = room.indexOf(0)
  return end !== -1 && room.subarray(end).some((byte) => byte !== 0)
}

/** Checks that only imago has. */
const OWN_CHECKS: ReadonlySet<string> = new Set(['truncated', 'virtual_size', 'metadata', 'polyglot'])

const BOTH = ['debian', 'newest'] as const
const EVERY = ['qcow2', 'vhd', 'vhdx', 'vmdk', 'vdi', 'qed', 'iso', 'gpt', 'luks'] as const
const always = (): boolean => true

const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    of: BOTH,
    formats: EVERY,
    difference: 'format only here',
    applies: ({ length }) => length < 512,
    because: 'there a file shorter than a sector has no format; QEMU opens it',
  },
  {
    of: BOTH,
    formats: ['vmdk'],
    difference: 'format only here',
    applies: (bytes) => !startsWith(bytes, 'KDMV'),
    because: 'texts and the older extents of VMware are not known there; QEMU opens them',
  },
  {
    of: BOTH,
    formats: ['vhd'],
    difference: 'format only here',
    applies: (bytes) => !startsWith(bytes, 'conectix'),
    because: 'a VHD that has a footer alone is not known there',
  },
  {
    of: ['debian'],
    formats: ['vmdk'],
    difference: 'unsafe only there',
    applies: (bytes) => toView(bytes, 512).getBigUint64(56, true) === 2n ** 64n - 1n || goesOn(bytes),
    because: 'Glance 25 refuses every footer, and reads on behind the end of a descriptor',
  },
  {
    of: BOTH,
    formats: ['qcow2'],
    difference: 'unsafe only there',
    applies: (bytes) => toView(bytes, 512).getUint32(4) === 2,
    because:
      'what version 2 has in the place of the feature bits is taken for them: by Glance 25, and by the check for a data file of oslo.utils',
  },
  {
    of: ['newest'],
    formats: ['vmdk'],
    difference: 'unsafe only here',
    applies: (_, ours) => failed(ours).join() === 'backing_file',
    because: 'oslo.utils takes the name of a parent for a field like others; QEMU opens it',
  },
  {
    of: BOTH,
    formats: EVERY,
    difference: 'unsafe only here',
    applies: (_, ours) => failed(ours).every((check) => OWN_CHECKS.has(check)),
    because: 'these checks are imago’s own',
  },
  {
    of: ['debian'],
    formats: EVERY.filter((format) => format !== 'qcow2'),
    difference: 'unsafe only here',
    applies: always,
    because: 'Glance 25 has safety checks for qcow2 and VMDK alone, and those for VMDK are looser',
  },
  {
    of: ['debian'],
    formats: ['qcow2'],
    difference: 'unsafe only here',
    applies: (bytes) => ![2, 3].includes(toView(bytes, 512).getUint32(4)),
    because: 'Glance 25 does not look at the version',
  },
]

describe(`the format inspector of ${{ debian: 'Glance 25', newest: 'oslo.utils' }[release]}`, () => {
  const judgements = (): readonly Readonly<Record<string, Judgement>>[] => {
    const script = fileURLToPath(new URL('reference.py', import.meta.url))
    const output = execFileSync(join(programs, 'python3'), [script, inspector], {
      input: cases.map(({ path }) => `${path}\n`).join(''),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    return output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, Judgement>>)
  }

  const differences = (format: string, { match, size, safe }: Judgement, ours: Inspection): readonly Difference[] => {
    const isOurs = ours.formats.some((one) => one === format)
    if (match !== isOurs) return [match ? 'format only there' : 'format only here']
    // If imago finds several formats, the file is unsafe for that reason.
    if (!match || ours.formats.length > 1) return []
    const isSafeHere = ours.failures.length === 0
    return [
      ...(ours.virtualSize !== null && size > 0 && size !== ours.virtualSize ? (['size'] as const) : []),
      ...(!safe && isSafeHere ? (['unsafe only there'] as const) : []),
      ...(safe && !isSafeHere ? (['unsafe only here'] as const) : []),
    ]
  }

  it('agrees on formats, sizes and safety, except for known differences', () => {
    const answers = judgements()
    expect(answers).toHaveLength(cases.length)
    const unknown = cases.flatMap(({ name, bytes }, index) => {
      const ours = inspect(bytes)
      return Object.entries(answers[index] ?? {}).flatMap(([format, there]) =>
        differences(format, there, ours)
          .filter(
            (difference) =>
              !KNOWN_DIFFERENCES.some(
                (known) =>
                  known.of.includes(release) &&
                  known.formats.includes(format) &&
                  known.difference === difference &&
                  known.applies(bytes, ours),
              ),
          )
          .map((difference) => ({ name, format, difference, there, here: ours })),
      )
    })
    expect(unknown).toEqual([])
  })
})

describe('qemu-img', () => {
  const NAMES: Readonly<Record<string, string>> = { vpc: 'vhd', qcow: 'qcow2' }

  interface Info {
    readonly format: string
    readonly 'virtual-size': number
    readonly 'backing-filename'?: string
    readonly 'format-specific'?: {
      readonly data?: { readonly 'data-file'?: string; readonly extents?: readonly { readonly filename: string }[] }
    }
  }

  /** The result of qemu-img without a given format; `null` with its messages: it cannot open the file. */
  const readInfo = (path: string): { readonly info: Info | null; readonly words: string } => {
    const { stdout, stderr, status } = spawnSync('qemu-img', ['info', '-U', '--output=json', path], {
      encoding: 'utf8',
      cwd: folder,
      timeout: 20_000,
    })
    return { info: status === 0 ? (JSON.parse(stdout) as Info) : null, words: stderr }
  }

  const others = (
    { 'backing-filename': backing, 'format-specific': specific }: Info,
    path: string,
  ): readonly string[] =>
    [
      backing,
      specific?.data?.['data-file'],
      ...(specific?.data?.extents ?? []).map(({ filename }) => filename),
    ].flatMap((name) => (name === undefined || name === path ? [] : [name]))

  const inSectors = (bytes: number | null): number | null => (bytes === null ? null : bytes - (bytes % 512))

  it('opens no other file for an image that passes, and finds no other format in a raw one', () => {
    let opened = 0
    for (const { name, path, bytes } of cases) {
      const ours = inspect(bytes)
      const about = `${name}: ${JSON.stringify(ours)}`
      const { info, words } = readInfo(path)
      if (ours.failures.length === 0 && /No such file|backing file|data[_ -]file/i.test(words))
        throw new Error(`${about}\n${words}`)
      if (info === null) continue
      opened++
      const found = NAMES[info.format] ?? info.format
      if (found !== 'raw' && !ours.formats.some((format) => format === found))
        throw new Error(`${about}: qemu-img says ${info.format}`)
      if (ours.failures.length > 0) continue
      expect({ about, others: others(info, path) }).toEqual({ about, others: [] })
      // QEMU counts whole sectors, and omits the rest; the header and Glance count bytes.
      if (found === ours.format && found !== 'raw' && found !== 'vhd')
        expect({ about, size: info['virtual-size'] }).toEqual({ about, size: inSectors(ours.virtualSize) })
    }
    expect(opened).toBeGreaterThan(ROUNDS / 4)
  })

  const pick = <T>(...of: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...of)

  const harmless = pick(
    '# comment',
    '',
    'version=1',
    'CID=fffffffe',
    'parentCID=ffffffff',
    'ddb.adapterType = "ide"',
    'encoding="UTF-8"',
    'RW 128 SPARSE "own.vmdk"',
    'createType="streamOptimized"',
  )
  const line = fc.oneof(
    { arbitrary: harmless, weight: 4 },
    {
      arbitrary: pick('createType="monolithicFlat"', 'RW 128 FLAT "flat.raw" 0', 'parentFileNameHint="parent.vmdk"'),
      weight: 2,
    },
    fc
      .tuple(
        pick('createType', 'createtype', 'CREATETYPE', '#createType', 'x createType'),
        pick('=', ' = '),
        pick('"monolithicSparse"', '"streamOptimized"', '"monolithicFlat"', '"vmfs"', '"twoGbMaxExtentFlat"', '"'),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        pick('RW', 'rw', 'RDONLY', 'NOACCESS', 'x=RW'),
        pick(' ', '\t', '  '),
        pick('128'),
        pick(' ', '\t'),
        pick('FLAT', 'SPARSE', 'ZERO', 'VMFS'),
        pick(' ', '\t'),
        pick('"flat.raw"', '"./flat.raw"', '"parent.vmdk"', 'flat.raw'),
        pick(' 0', '\t0=', ''),
      )
      .map((parts) => parts.join('')),
    fc
      .tuple(
        pick('', '#', ' '),
        pick('parentFileNameHint', 'PARENTFILENAMEHINT'),
        pick('=', ' ='),
        pick('"parent.vmdk"', '"flat.raw"', 'parent.vmdk'),
      )
      .map((parts) => parts.join('')),
  )

  /** Descriptors of all kinds, alone or after a header, which may be incomplete. */
  const vmdk = fc
    .record({
      lines: fc.array(line, { maxLength: 6 }),
      type: pick('createType', 'createType', 'createtype', null),
      end: pick('\n', '\r\n'),
      header: fc.option(
        fc.record({
          magic: pick('KDMV', 'KDMV', 'KDMV', 'COWD'),
          sectors: pick(0n, 128n, 128n),
          room: pick(1n, 2n, 20n, 20n),
          place: pick(1n, 1n, 1n, 2n),
        }),
        { freq: 4 },
      ),
    })
    .map(({ lines, type, end, header }) => {
      const text = Buffer.from(
        [
          '# Disk DescriptorFile',
          'version=1',
          'CID=fffffffe',
          'parentCID=ffffffff',
          ...(type === null ? [] : [`${type}="monolithicSparse"`, 'RW 128 SPARSE "own.vmdk"']),
          ...lines,
          '',
        ].join(end),
        'latin1',
      )
      if (header === null) return new Uint8Array(text)
      const bytes = qemuImage('vmdk monolithicSparse')
      const view = toView(bytes, 512)
      bytes.set(Buffer.from(header.magic))
      if (header.magic === 'KDMV') view.setBigUint64(12, header.sectors, true)
      if (header.magic === 'KDMV') view.setBigUint64(28, header.place, true)
      if (header.magic === 'KDMV') view.setBigUint64(36, header.room, true)
      bytes.fill(0, 512, 512 + 20 * 512)
      bytes.set(text, 512)
      return bytes
    })

  it('opens no other file for a VMDK that passes, whatever its descriptor', () => {
    writeFileSync(join(folder, 'flat.raw'), new Uint8Array(65_536))
    writeFileSync(join(folder, 'parent.vmdk'), qemuImage('vmdk monolithicSparse'))
    const path = join(folder, 'own.vmdk')
    const captured = { passed: 0, others: 0 }
    fc.sample(vmdk, { seed, numRuns: 200 }).forEach((bytes, index) => {
      writeFileSync(path, bytes)
      const ours = inspect(bytes)
      const about = `seed ${seed}, VMDK ${index}: ${Buffer.from(bytes).toString('latin1').replaceAll('\0', '')}\n${JSON.stringify(ours)}`
      const { info, words } = readInfo(path)
      const opened = info === null ? [] : others(info, path)
      if (opened.length > 0) captured.others++
      if (info !== null && info.format !== 'raw') expect(`${about} ${ours.format}`).toBe(`${about} ${info.format}`)
      if (ours.failures.length > 0) return
      if (ours.format === 'vmdk') captured.passed++
      expect({ about, opened }).toEqual({ about, opened: [] })
      expect({ about, isMissing: /No such file|backing file/i.test(words) }).toEqual({ about, isMissing: false })
    })
    // Some images pass, and others would open another file.
    expect(captured.passed).toBeGreaterThan(0)
    expect(captured.others).toBeGreaterThan(3)
  })

  it.each(['short.qcow2', 'comment.vmdk'])(
    'reads any file of the machine for %s, which oslo.utils reports as raw and imago refuses',
    (name) => {
      const secret = join(folder, 'secret')
      writeFileSync(secret, 'secret'.padEnd(1024, '.'))
      const header = new DataView(new ArrayBuffer(300))
      new Uint8Array(header.buffer).set(Buffer.from(secret), 0x80)
      ;[0x51_46_49_fb, 2, 0, 0x80, secret.length, 16, 0, 1024, 0, 1, 0, 131_072, 0, 65_536, 1].forEach((word, index) =>
        header.setUint32(4 * index, word),
      )
      const text = `# \xff\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType="monolithicFlat"\nRW 2 FLAT "${secret}" 0\n`
      const bytes = name === 'short.qcow2' ? new Uint8Array(header.buffer) : new Uint8Array(Buffer.from(text, 'latin1'))
      const path = join(folder, name)
      writeFileSync(path, bytes)
      const copy = execFileSync('sh', ['-c', 'qemu-img convert -U -O raw "$0" "$0.raw" && head -c 6 "$0.raw"', path], {
        encoding: 'utf8',
      })
      expect(copy).toBe('secret')
      expect(inspect(bytes).failures).not.toEqual([])
    },
  )
})
