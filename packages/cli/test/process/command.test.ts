import { beforeAll, describe, expect, it, jest } from '@jest/globals'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE } from '../records.ts'
import { temporaryFolder } from '../temporary.ts'
import { assertBuilt, BIN, execute, imago } from './imago.ts'

beforeAll(assertBuilt)
// Each test starts processes, and may share the machine with other suites.
jest.setTimeout(120_000)

const folder = temporaryFolder()
const save = (name: string, document: unknown): string => folder.file(name, JSON.stringify(document))
const ndjson = (count: number): string =>
  Array.from({ length: count }, (_, index) => `${JSON.stringify(glance({ id: `id-${index}` }))}\n`).join('')
const readIds = (stdout: string) =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { ref: { id: string } }).ref.id)

const clean = save('clean.json', [glance({ id: 'a' }), hetzner({ id: 42 })])
const drifting = save('drifting.json', [glance({ status: 'new-word' })])
const half = save('half.json', [glance(), {}])

describe('exit codes', () => {
  it.each<[number, string, readonly string[]]>([
    [0, 'all normalized', ['normalize', clean]],
    [0, 'drift without --drift', ['normalize', drifting]],
    [4, 'some rejected', ['normalize', half]],
    [4, '--drift found drift', ['normalize', drifting, '--drift', folder.path('drift.json')]],
    [0, '--drift found none', ['normalize', clean, '--drift', folder.path('none.json')]],
    [4, 'drift found drift', ['drift', drifting]],
    [1, 'unreadable', ['normalize', folder.path('missing.json')]],
    [1, 'unrecognized', ['normalize', save('unknown.json', { what: 'else' })]],
    [1, 'empty', ['normalize', folder.file('empty.json', '')]],
    [2, 'an unknown option', ['normalize', '--no-such-option', clean]],
    [2, 'an unknown command', ['normalise', clean]],
    [2, 'help of an unknown command', ['help', 'nope']],
    [0, 'help of a command', ['help', 'list']],
    [2, 'an unknown format', ['normalize', '-o', 'xml', clean]],
    [2, 'an unknown column', ['normalize', '--columns', 'nmae', clean]],
    [2, 'an unknown field', ['explain', '--field', 'nmae', clean]],
    [3, 'an unknown ID', ['explain', '--id', 'b', clean]],
    [0, 'help', ['--help']],
    [0, 'version', ['--version']],
    [0, 'help without arguments', []],
  ])('%d: %s', async (expected, _, args) => {
    const { code, stdout, stderr } = await imago(args)
    expect({ code, stderr }).toEqual({ code: expected, stderr: expect.not.stringContaining('mistake in imago') })
    if (expected === 2) expect(stdout).toBe('')
    if (expected !== 0) expect(stdout + stderr).not.toBe('')
  })
})

describe('standard input', () => {
  it.each([[['normalize', '-o', 'ndjson']], [['normalize', '-o', 'ndjson', '-']]])('is read by %j', async (args) => {
    const { code, stdout, stderr } = await imago(args, { input: readFileSync(clean) })
    expect({ code, ids: readIds(stdout), stderr }).toEqual({ code: 0, ids: ['a', '42'], stderr: '' })
  })

  it('reads compressed input', async () => {
    const { stdout } = await imago(['normalize', '-o', 'ndjson', '-'], { input: zlib.gzipSync(ndjson(3)) })
    expect(readIds(stdout)).toEqual(['id-0', 'id-1', 'id-2'])
  })

  it('fails on empty input, as after a failed command', async () => {
    expect(await imago(['normalize'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'imago: stdin: the input is empty\n',
    })
  })

  it('is read by explain', async () => {
    const { code, stdout } = await imago(['explain', '--id', '42', '--field', 'os.distro'], {
      input: readFileSync(clean),
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^hetzner:42 .*\n.*\nos\.distro +ubuntu +declared +\/labels = .*, \/os_flavor = "ubuntu"/)
  })
})

describe('the process imago', () => {
  it('imago prints images as YAML, and reads YAML of clients', async () => {
    const { stdout } = await imago(['normalize', '-o', 'yaml', clean])
    const record = folder.file(
      'record.yaml',
      'id: a-1\nstatus: active\ncontainer_format: bare\nschema: /v2/schemas/image\n',
    )
    expect(stdout.split('\n')[0]).toContain('$schema')
    expect(await imago(['normalize', '-o', 'ndjson', record])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"id":"a-1"'),
    })
  })

  describe('standard output and standard error', () => {
    it('contain images, and rejected records with the summary', async () => {
      const { stdout, stderr } = await imago(['normalize', '-o', 'ndjson', half])
      expect(readIds(stdout)).toHaveLength(1)
      expect(stderr).toBe(`${half}:1: /1: not a recognized image record\n1 image, 1 rejected\n`)
    })

    it('contain the images before the end of a truncated gzip, and its position', async () => {
      const { code, stdout, stderr } = await imago([
        'normalize',
        '-o',
        'ndjson',
        folder.file('cut.gz', zlib.gzipSync(ndjson(3000)).subarray(0, -100)),
      ])
      expect(code).toBe(1)
      expect(readIds(stdout).length).toBeGreaterThan(2000)
      expect(stderr).toMatch(/cut\.gz: byte \d+: the rest was not read: unexpected end of file\n/)
    })

    it('are the same for the same input', async () => {
      for (const output of ['json', 'csv']) {
        const [once, again] = await Promise.all([
          imago(['normalize', '-o', output, clean]),
          imago(['normalize', '-o', output, clean]),
        ])
        expect(once.stdout).not.toBe('')
        expect(again.stdout).toBe(once.stdout)
      }
    })

    it('contain no control characters in messages', async () => {
      const hostile = save('hostile.json', [glance({ id: `x${HOSTILE}`.slice(0, 4) }), { [HOSTILE]: 1 }])
      for (const args of [
        ['explain', '--id', 'x', hostile],
        ['normalize', '--strict', hostile],
        ['normalize', folder.path('\u001b[31m')],
        ['explain', '--field', HOSTILE, hostile],
        ['normalize', '--columns', HOSTILE, hostile],
      ]) {
        const { stderr } = await imago(args)
        expect(stderr).not.toBe('')
        expect(stderr).not.toMatch(DRIVES_TERMINAL)
      }
    })

    // Only Linux has a device that is always full.
    const full = existsSync('/dev/full') ? it : it.skip
    full('report a full disk', async () => {
      const { code, stderr } = await execute('bash', [
        '-c',
        '"$0" "$1" normalize "$2" > /dev/full',
        process.execPath,
        BIN,
        clean,
      ])
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'imago: cannot write standard output: no space left on the device\n',
      })
    })

    it('end without an error when the reader closes the pipe', async () => {
      const file = folder.file('many.ndjson', ndjson(20_000))
      for (const output of ['ndjson', 'table']) {
        const { stdout, stderr } = await execute('bash', [
          '-c',
          '"$0" "$1" normalize -o "$2" "$3" | head -n 1',
          process.execPath,
          BIN,
          output,
          file,
        ])
        expect(stdout.split('\n')).toHaveLength(2)
        expect(stderr).toBe('')
      }
    })
  })

  describe('helpful errors', () => {
    it.each<[readonly string[], RegExp]>([
      [['normalise'], /^imago: unknown command: normalise\. Did you mean normalize\?\n/],
      [['normalize', '--columns'], /^imago: missing value of the option -c, --columns <names>\n/],
      [['resolve', 'ubuntu'], /^imago: missing required option: --on <cloud>\n/],
      [['diff'], /^imago: missing required argument: before\n/],
      [['completion', 'bsh'], /^imago: unknown shell "bsh" \(one of: bash, zsh, fish\)\. Did you mean bash\?\n/],
      [['help', 'lst'], /^imago: unknown command: lst\. Did you mean list\?/],
      [['normalize', '--provder', 'hetzner'], /^imago: unknown option: --provder\. Did you mean --provider\?\n/],
      [['normalize', '-o', 'xml'], /--output: unknown value "xml" \(one of: table, json, ndjson, yaml, csv, value\)/],
      [
        ['normalize', '--columns', 'id,statsu', clean],
        /--columns: unknown column "statsu" \(one of: .*\)\. Did you mean status\?/,
      ],
      [['explain', 'a', 'b'], /too many arguments/],
    ])('suggest a remedy for %j', async (args, message) => {
      expect((await imago(args)).stderr).toMatch(message)
    })
  })

  describe('help', () => {
    it.each(['normalize', 'completion'])('%s --help', async (command) => {
      const { code, stdout, stderr } = await imago([command, '--help'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain(`Usage: imago ${command}`)
    })

    it('--help lists the commands and the exit codes', async () => {
      const { stdout } = await imago(['--help'])
      for (const word of ['normalize', 'explain', 'drift', 'fields', 'schema', 'completion', 'Exit codes:'])
        expect(stdout).toContain(word)
      expect(stdout).not.toContain('completion-server')
    })

    it('--version', async () => {
      const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { version: string }
      expect((await imago(['--version'])).stdout).toBe(`${version}\n`)
    })
  })
})
