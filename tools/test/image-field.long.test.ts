import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

// Follows the walk-through "An image field" of docs/architecture.md in a copy of the workspace: it edits only the files that the page names.

const workspace = fileURLToPath(new URL('../..', import.meta.url))
const NOT_COPIED: ReadonlySet<string> = new Set(['.git', '.pnpm', '.cache', 'bundle', 'etc'])

let copy = ''

const copyWorkspace = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'imago-field-'))
  // Links between packages are relative and so lead to the copy. Times are kept, so that only changed packages are built.
  cpSync(workspace, root, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    filter: (path) => !NOT_COPIED.has(basename(path)),
  })
  symlinkSync(join(workspace, 'node_modules', '.pnpm'), join(root, 'node_modules', '.pnpm'), 'junction')
  return root
}

/** Inserts `text` before `before`, which must occur once in the file. */
const insert = (path: string, before: string, text: string): void => {
  const file = join(copy, path)
  const [head = '', tail, ...more] = readFileSync(file, 'utf8').split(before)
  if (tail === undefined || more.length > 0) throw new Error(`${path}: not exactly one "${before}"`)
  writeFileSync(file, `${head}${text}${before}${tail}`)
}

interface Ended {
  readonly status: number | null
  readonly output: string
}

const node = (args: readonly string[], input = ''): Ended => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: copy,
    input,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  return { status, output: status === 0 ? stdout : stdout + stderr }
}

const imago = (args: readonly string[], input = ''): Ended => node(['packages/cli/bin/imago.js', ...args], input)

const tracked = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink() || entry.name === 'node_modules' || entry.name === 'dist' || NOT_COPIED.has(entry.name))
      return []
    return entry.isDirectory() ? tracked(path) : [path]
  })

/** Returns the files that differ from the workspace. */
const changed = (): readonly string[] =>
  tracked(copy)
    .map((path) => relative(copy, path).replaceAll('\\', '/'))
    .filter(
      (path) =>
        !existsSync(join(workspace, path)) ||
        !readFileSync(join(workspace, path)).equals(readFileSync(join(copy, path))),
    )
    .toSorted((a, b) => (a < b ? -1 : 1))

const EDITED = [
  'adapters/hetzner/src/map-image/index.ts',
  'adapters/openstack/src/map-image/index.ts',
  'packages/core/src/image/fields.ts',
]
const GENERATED = [
  'docs/fields.md',
  'packages/core/src/image/image-builder.ts',
  'packages/core/src/image/image.ts',
  'schemas/image/data/image.schema.json',
  'schemas/image/data/tables.schema.json',
  'schemas/image/src/data.ts',
]

describe('an image field added by one line in the field table and a rule in each adapter', () => {
  let generated: Ended = { status: null, output: '' }

  beforeAll(() => {
    copy = copyWorkspace()
    insert(
      'packages/core/src/image/fields.ts',
      "  stores: field(texts, 'reference'",
      "  'made.server': field(text, 'reference', 'Identifier of the server it was made from.'),\n",
    )
    insert(
      'packages/core/src/image/fields.ts',
      "  os: 'Operating system in the image.'",
      "  made: 'How it was made.',\n",
    )
    insert(
      'adapters/hetzner/src/map-image/index.ts',
      '  labels: writableField(',
      "  'made.server': referenceField(declared(['created_from'], ({ created_from }) => (typeof created_from?.id === 'number' ? String(created_from.id) : created_from === undefined ? undefined : null))),\n",
    )
    insert(
      'adapters/openstack/src/map-image/index.ts',
      '  stores: referenceField(',
      "  'made.server': referenceField(declared(['instance_uuid'], ({ instance_uuid }) => instance_uuid, 'a property that Nova writes')),\n",
    )
    generated = node(['tools/generate.mjs'])
  }, 600_000)

  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it('needs three edited files; npm run generate updates the others', () => {
    expect(generated).toMatchObject({ status: 0 })
    expect(changed()).toEqual([...EDITED, ...GENERATED].toSorted((a, b) => (a < b ? -1 : 1)))
    expect(node(['tools/generate.mjs', '--check'])).toEqual({ status: 0, output: '' })
  }, 600_000)

  it('passes the type check of every package and test', () => {
    expect(node(['node_modules/typescript/bin/tsc', '-b'])).toEqual({ status: 0, output: '' })
    expect(node(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.test.json'])).toEqual({ status: 0, output: '' })
  }, 600_000)

  it.each([
    [
      'hetzner',
      { id: 1, type: 'snapshot', status: 'available', os_flavor: 'debian', created_from: { id: 42, name: 'web' } },
      '42',
    ],
    ['hetzner', { id: 1, type: 'snapshot', status: 'available', os_flavor: 'debian', created_from: null }, null],
    [
      'openstack',
      { id: 'a', status: 'active', disk_format: 'raw', container_format: 'bare', min_disk: 0, instance_uuid: '8d7e' },
      '8d7e',
    ],
  ])('fills it from records of %s', (provider, record, server) => {
    const { status, output } = imago(
      ['normalize', '--provider', provider, '-o', 'json'],
      JSON.stringify({ images: [record] }),
    )
    expect({ status, output }).toMatchObject({ status: 0 })
    expect((JSON.parse(output) as { readonly images: unknown[] }).images).toMatchObject([{ made: { server } }])
  })

  it('is a column, an entry of the field reference and a part of the schema', () => {
    const record = {
      id: 1,
      type: 'snapshot',
      status: 'available',
      os_flavor: 'debian',
      created_from: { id: 42, name: 'web' },
    }
    expect(
      imago(
        ['normalize', '--provider', 'hetzner', '-o', 'csv', '--columns', 'id,made.server'],
        JSON.stringify({ images: [record] }),
      ).output,
    ).toBe('id,made.server\n1,42\n')
    expect(imago(['fields', '-o', 'markdown']).output).toContain(
      '| `made.server` | reference | **declared** `instance_uuid`: a property that Nova writes |',
    )
    const schema = JSON.parse(imago(['schema', 'image']).output) as {
      readonly required: string[]
      readonly properties: Readonly<Record<string, unknown>>
    }
    expect(schema.required).toContain('made')
    expect(schema.properties['made']).toEqual({
      description: 'How it was made.',
      type: 'object',
      required: ['server'],
      properties: { server: { description: 'Identifier of the server it was made from.', $ref: '#/$defs/text' } },
    })
  })
})
