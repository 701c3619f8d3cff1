// Derives TypeScript's project references from the manifests, and the library's dependencies on its adapters from their folders.
// Writes only outdated files, so that a new package or adapter needs no line in them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'

const LIBRARY = 'packages/imago'

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))
const isSameSet = (some, others) => some.length === others.length && some.every((one) => others.includes(one))
const print = (value) => `${JSON.stringify(value, null, 2)}\n`

/** The root file has one line per reference. */
const printRoot = ({ references, ...rest }) =>
  print({ ...rest, references: [] }).replace(
    '"references": []',
    `"references": [\n${references.map(({ path }) => `    { "path": ${JSON.stringify(path)} }`).join(',\n')}\n  ]`,
  )

/** `folders`: the folders of the workspace's packages, relative to `root`. Returns the files that were written. */
export const deriveReferences = (root, folders) => {
  const written = []
  const write = (path, text) => {
    writeFileSync(join(root, path), text)
    written.push(path)
  }
  const all = folders.map((folder) => folder.replaceAll('\\', '/'))
  const manifests = new Map(
    all
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => [folder, readJson(join(root, folder, 'package.json'))]),
  )

  const library = manifests.get(LIBRARY)
  const adapters = [...manifests].filter(([folder]) => folder.startsWith('adapters/')).map(([, { name }]) => name)
  const missing = library === undefined ? [] : adapters.filter((name) => library.dependencies?.[name] === undefined)
  if (missing.length > 0) {
    const dependencies = {
      ...library.dependencies,
      ...Object.fromEntries(missing.map((name) => [name, 'workspace:^'])),
    }
    library.dependencies = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)))
    write(posix.join(LIBRARY, 'package.json'), print(library))
  }

  const projects = [...manifests].filter(([folder]) => existsSync(join(root, folder, 'tsconfig.json')))
  const folderByName = new Map(projects.map(([folder, { name }]) => [name, folder]))
  for (const [folder, manifest] of projects) {
    const path = posix.join(folder, 'tsconfig.json')
    const config = readJson(join(root, path))
    const needed = Object.keys({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
      ...manifest.peerDependencies,
    })
      .flatMap((name) => folderByName.get(name) ?? [])
      .map((other) => posix.relative(folder, other))
    const references = (config.references ?? []).map((reference) => reference.path)
    // Tests are not part of a project: packages that only tests need are not references.
    const wanted = needed.filter(
      (reference) => references.includes(reference) || !isForTests(manifest, folderByName, folder, reference),
    )
    if (!isSameSet(references, wanted))
      write(path, print({ ...config, references: wanted.sort().map((one) => ({ path: one })) }))
  }

  const rootConfig = readJson(join(root, 'tsconfig.json'))
  const listed = rootConfig.references.map(({ path }) => path)
  const wanted = projects.map(([folder]) => folder)
  if (!isSameSet(listed, wanted)) {
    const kept = listed.filter((path) => wanted.includes(path))
    const added = wanted.filter((path) => !listed.includes(path))
    write('tsconfig.json', printRoot({ ...rootConfig, references: [...kept, ...added].map((path) => ({ path })) }))
  }
  return written
}

/** Whether only tests need a package: it is a development dependency. */
const isForTests = ({ devDependencies = {} }, folderByName, folder, reference) =>
  Object.keys(devDependencies).some((name) => {
    const other = folderByName.get(name)
    return other !== undefined && posix.relative(folder, other) === reference
  })
