// Loads core's field table from its source, because the generated modules that core needs to compile may be outdated.
import { build } from 'esbuild'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Splits a path into group and name; the group of a top-level field is `null`. */
const splitPath = (path) => {
  const parts = path.split('.')
  if (parts.length > 2) throw new Error(`fields.ts: ${path} has more than two parts. Use GROUP.NAME.`)
  return parts.length === 1 ? { group: null, name: path } : { group: parts[0], name: parts[1] }
}

/** Returns the parts of an image in the order of the table: fields, and groups of fields. */
const groupParts = (entries, groups) => {
  const parts = []
  for (const entry of entries) {
    if (entry.group === null) {
      parts.push(entry)
      continue
    }
    const part = parts.find(({ group, members }) => members !== undefined && group === entry.group)
    if (part !== undefined) {
      part.members.push(entry)
      continue
    }
    const about = groups[entry.group]
    if (about === undefined && entry.group !== 'ref')
      throw new Error(`fields.ts: the group ${entry.group} has no description. Add it to \`groups\`.`)
    parts.push({ group: entry.group, about, members: [entry] })
  }
  return parts
}

/** Loads the table of the workspace `root`. Each entry also has its `path`, `group` and `name`; `parts` are the keys of an image. */
export const loadFieldTable = async (root) => {
  const folder = join(root, 'node_modules', '.cache', 'imago')
  const outfile = join(folder, `fields-${process.pid}.mjs`)
  mkdirSync(folder, { recursive: true })
  await build({
    entryPoints: [join(root, 'packages/core/src/image/fields.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@imago/source'],
    external: ['io-ts', 'fp-ts'],
    logLevel: 'error',
  })
  try {
    const { fields, groups } = await import(pathToFileURL(outfile).href)
    const entries = Object.entries(fields).map(([path, entry]) => ({ path, ...splitPath(path), ...entry }))
    return { entries, parts: groupParts(entries, groups) }
  } finally {
    rmSync(outfile, { force: true })
  }
}

/** Returns the description of a field in the type's comment, the JSON Schema and the reference. */
export const describeField = ({ meaning, details }) => (details === null ? meaning : `${meaning} ${details}`)

/** Returns the kind of a codec. `value` is the codec of its values without `null`. */
export const kindOfCodec = (codec) => {
  const nullable = codec._tag === 'UnionType' && codec.types.some(({ _tag }) => _tag === 'NullType')
  const value = nullable ? codec.types.find(({ _tag }) => _tag !== 'NullType') : codec
  return { nullable, value }
}
