import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, test } from '@jest/globals'

const root = new URL('../../../', import.meta.url)

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

interface Package {
  /** Of its folder, from the root, with a slash at the end. */
  readonly path: string
  readonly manifest: Manifest
  /** Its dependencies, optional and peer dependencies. */
  readonly needs: readonly string[]
  /** Paths of its sources, from its `src/`. */
  readonly sources: readonly string[]
  /** Paths of its tests, from its `test/`. */
  readonly tests: readonly string[]
}

const filesIn = (folder: URL): readonly string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/')).sort() : []

const packageAt = (path: string): Package => {
  const manifest = JSON.parse(readFileSync(new URL(`${path}package.json`, root), 'utf8')) as Manifest
  const needs = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies })
  return { path, manifest, needs, sources: filesIn(new URL(`${path}src/`, root)), tests: filesIn(new URL(`${path}test/`, root)) }
}

const packages = ['packages', 'schemas', 'adapters', 'examples'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root))
    .filter((name) => existsSync(new URL(`${folder}/${name}/package.json`, root)))
    .map((name) => packageAt(`${folder}/${name}/`)),
).concat(packageAt('lab/'))

const textOf = ({ path }: Package, file: string): string => readFileSync(new URL(path + file, root), 'utf8')

/** What a module imports or exports from, types too. (The formatting is fixed by lint: one statement a line, or its end on a line of its own.) */
const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export|\}) ?.*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')

/** `@imago/core/x` is of `@imago/core`; `imago` is the command. */
const ownName = (specifier: string): string | null => /^(@imago\/[^/]+|imago)(?:\/|$)/.exec(specifier)?.[1] ?? null

/** Who may need whom, of our own packages. docs/architecture.md has the same as a picture. */
const MAY_NEED: Readonly<Record<string, readonly string[] | 'all but examples and the lab'>> = {
  '@imago/codec': [],
  '@imago/core': ['@imago/codec'],
  '@imago/schema-hetzner': ['@imago/codec'],
  '@imago/schema-openstack': ['@imago/codec'],
  '@imago/schema-image': [],
  '@imago/crosswalk': [],
  '@imago/http': ['@imago/codec', '@imago/core'],
  '@imago/provider-kit': ['@imago/codec', '@imago/core', '@imago/http'],
  '@imago/inspect': [],
  '@imago/json-records': [],
  '@imago/transfer': ['@imago/codec', '@imago/core', '@imago/http', '@imago/inspect'],
  // It must not share an adapter's mistakes, nor a codec's.
  '@imago/simulator': [],
  '@imago/testkit': ['@imago/codec', '@imago/core', '@imago/provider-kit'],
  '@imago/adapter-hetzner': ['@imago/codec', '@imago/core', '@imago/crosswalk', '@imago/http', '@imago/provider-kit', '@imago/schema-hetzner'],
  '@imago/adapter-openstack': ['@imago/codec', '@imago/core', '@imago/crosswalk', '@imago/http', '@imago/provider-kit', '@imago/schema-openstack'],
  // It is what the others are judged by.
  '@imago/lab': [],
  imago: 'all but examples and the lab',
}

const isExample = ({ path }: Package): boolean => path.startsWith('examples/')
const houses = packages.filter((one) => !isExample(one))
const exampleNames = packages.filter(isExample).map(({ manifest }) => manifest.name)

const mayNeed = (name: string, other: string): boolean => {
  const allowed = MAY_NEED[name] ?? []
  return allowed === 'all but examples and the lab' ? other !== name && other !== '@imago/lab' && !exampleNames.includes(other) : allowed.includes(other)
}

describe.each(houses.map((one) => ({ name: one.manifest.name, one })))('$name', ({ name, one }) => {
  const imports = one.sources.flatMap((file) => importsOf(textOf(one, `src/${file}`)).map((specifier) => ({ file, specifier })))

  test('it is said whom it may need', () => expect(Object.keys(MAY_NEED)).toContain(name))

  test('its manifest names none of ours that it may not need', () => {
    expect(one.needs.filter((need) => ownName(need) !== null && !mayNeed(name, need))).toEqual([])
  })

  test('its sources import none of ours but those that its manifest names', () => {
    const ours = imports.filter(({ specifier }) => ownName(specifier) !== null)
    expect(ours.filter(({ specifier }) => !one.needs.includes(ownName(specifier) ?? ''))).toEqual([])
  })

  test('its sources import other packages only if its manifest names them', () => {
    const foreign = imports.filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
    expect(foreign.filter(({ specifier }) => !one.needs.includes(packageOf(specifier)))).toEqual([])
  })

  test('its relative imports name a file, and stay inside', () => {
    const relative = imports.filter(({ specifier }) => specifier.startsWith('.'))
    const isInside = (file: string, specifier: string): boolean => {
      const target = posix.join('src', posix.dirname(file), specifier)
      return target === 'package.json' || one.sources.some((source) => target === `src/${source}`)
    }
    expect(relative.filter(({ file, specifier }) => !isInside(file, specifier))).toEqual([])
  })

  test('its sources have no cycle of imports', () => {
    const relative = new Map(one.sources.map((file) => [file, imports.filter((imported) => imported.file === file && imported.specifier.startsWith('.')).map(({ specifier }) => posix.join(posix.dirname(file), specifier))]))
    // Files whose imports are all resolved are removed until none is left; what remains imports itself.
    for (let left = -1; left !== relative.size; ) {
      left = relative.size
      for (const [file, targets] of relative) if (!targets.some((target) => relative.has(target))) relative.delete(file)
    }
    expect([...relative.keys()]).toEqual([])
  })

  test('its project references are the packages of ours that it needs', () => {
    const { references = [] } = JSON.parse(textOf(one, 'tsconfig.json')) as { readonly references?: readonly { readonly path: string }[] }
    const referred = references.map(({ path }) => packages.find((other) => new URL(`${path}/`, new URL(one.path, root)).href === new URL(other.path, root).href)?.manifest.name)
    expect(new Set(referred)).toEqual(new Set(one.needs.filter((need) => ownName(need) !== null)))
  })

  test('it imports fp-ts and io-ts by the paths that plain Node can load', () => {
    const all = [...one.sources.map((file) => `src/${file}`), ...one.tests.map((file) => `test/${file}`)]
    const short = all.flatMap((file) => importsOf(textOf(one, file)).filter((specifier) => /^(fp-ts|io-ts)\//.test(specifier) && !/^(fp-ts|io-ts)\/lib\/\w+\.js$/.test(specifier)))
    expect([...short, ...imports.filter(({ specifier }) => specifier === 'fp-ts')]).toEqual([])
  })
})

test('nobody needs the command, the lab or an example', () => {
  const refused = ['imago', '@imago/lab', ...exampleNames]
  const needing = houses.filter((one) => [...one.needs, ...one.sources.flatMap((file) => importsOf(textOf(one, `src/${file}`)))].some((name) => refused.some((other) => name === other || name.startsWith(`${other}/`))))
  expect(needing.map(({ manifest }) => manifest.name)).toEqual([])
  expect(exampleNames.length).toBeGreaterThan(0)
})

test('only @imago/http speaks HTTP', () => {
  expect(houses.filter(({ needs }) => needs.includes('axios')).map(({ manifest }) => manifest.name).filter((name) => name !== '@imago/http')).toEqual([])
})

test('transfer knows no provider’s property names: adapters supply them', () => {
  const NAMES = /\b(?:os_(?:distro|type|version|admin|hash|glance|hidden|secure|encrypt|decrypt)\w*|hw_\w+|img_\w+|owner_specified|base_image_\w+|cinder_\w+|vmware_\w+|instance_uuid|kernel_id|ramdisk_id|provided_until|block_device_mapping|direct_url|hetzner\.cloud)\b|'(?:architecture|description)=/
  const transfer = houses.find(({ manifest }) => manifest.name === '@imago/transfer')
  const found = (transfer?.sources ?? []).flatMap((file) => (NAMES.test(transfer === undefined ? '' : textOf(transfer, `src/${file}`)) ? [file] : []))
  expect(found).toEqual([])
  expect(['os_hash_algo', 'hw_disk_bus', 'img_signature', 'owner_specified.shade.md5'].every((name) => NAMES.test(`'${name}'`))).toBe(true)
})

describe('what is offline loads no HTTP', () => {
  const offline = houses.filter(({ sources }) => sources.includes('offline.ts'))
  /** All that a file imports, and what that imports, as far as it is in the same package. */
  const reached = (one: Package, file: string, seen = new Set<string>()): ReadonlySet<string> => {
    for (const specifier of importsOf(textOf(one, `src/${file}`))) {
      const next = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier
      if (seen.has(next)) continue
      seen.add(next)
      if (next.endsWith('.ts')) reached(one, next, seen)
    }
    return seen
  }

  test.each(offline.map((one) => ({ name: one.manifest.name, one })))('$name', ({ one }) => {
    const all = [...reached(one, 'offline.ts')]
    expect(all).toContain('map-image/index.ts')
    expect(all.filter((specifier) => ownName(specifier) === '@imago/http')).toEqual([])
  })
})

test('what importsOf finds', () => {
  const text = "import * as E from 'fp-ts/lib/Either.js'\nimport type {\n  A,\n  B,\n} from './a.ts'\nimport './b.ts'\nexport { c } from './c.ts'\nexport type {\n  D,\n} from '@imago/d'\nconst e = await import('./e.ts')\nconst text = 'import f'\n"
  expect(importsOf(text)).toEqual(['fp-ts/lib/Either.js', './a.ts', './b.ts', './c.ts', '@imago/d', './e.ts'])
})

describe('adapters look alike', () => {
  /** Files that one adapter has and the others have not, each with the reason; a slash at the end stands for a folder. */
  const ODD_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    '@imago/adapter-hetzner': {
      'api/': 'one file for each resource of the provider’s',
      'config/': 'one file for each kind of file that its clients are configured by',
      'map-image/deprecation.ts': 'Glance does not deprecate images',
      'map-image/transferred.ts': 'Glance keeps what a transfer knew in its own properties',
      'requests/': 'one file for each resource of the provider’s, and for what is odd about it',
      'rescue/': 'Glance takes and gives bytes by itself; at Hetzner a temporary server moves them',
      'source/await-action.ts': 'Glance’s work is waited for by its caller',
      'source/protect.ts': 'Glance protects by an update',
      'source/refusal.ts': 'Hetzner refuses without a word of whose the image is',
      'transfer-labels.ts': 'in Glance, the property of a run is all that imago writes',
    },
    '@imago/adapter-openstack': {
      'api/': 'one file for each resource of the provider’s',
      'auth/': 'at Hetzner, a token is all there is',
      'auth-secrets.ts': 'at Hetzner, a token is all there is',
      'config/': 'one file for each kind of file that its clients are configured by',
      'bytes/': 'Glance sends and takes data over HTTP, with digests',
      'import-failure.ts': 'Hetzner imports nothing',
      'map-image/boot.ts': 'Hetzner does not say how an image boots',
      'map-image/digests.ts': 'Hetzner gives no digests',
      'map-image/huawei.ts': 'clouds built with Huawei’s software describe images in words of their own',
      'map-image/lists.ts': 'Hetzner has neither tags nor stores',
      'map-image/properties.ts': 'Hetzner has labels in their place, as they are',
      'map-image/text.ts': 'Glance’s properties are texts, where the empty one means none',
      'microversion.ts': 'Hetzner’s API has one version',
      'requests/': 'one file for each resource of the provider’s, and for what is odd about it',
      'source/create.ts': 'Hetzner makes images of servers only',
      'source/download.ts': 'Hetzner gives no data',
      'source/image-bytes.ts': 'Hetzner gives no data',
      'source/imports.ts': 'Hetzner fetches no data, and has no stores',
      'source/leftovers.ts': 'Hetzner has no images without data',
      'source/upload.ts': 'Hetzner takes no data',
      'source/owner.ts': 'Hetzner shows nobody the images of another project, and names no owners',
      'source/upload-target.ts': 'Hetzner takes no data',
      'source/upload-limits.ts': 'Hetzner tells no limits of images',
      'source/shares.ts': 'Hetzner shares no images',
      'source/projects.ts': 'Hetzner shares no images',
    },
  }
  const isPlace = (place: string, file: string): boolean => (place.endsWith('/') ? file.startsWith(place) : file === place)
  const adapters = houses.filter(({ path }) => path.startsWith('adapters/'))
  const shared = (adapters[0]?.sources ?? []).filter((file) => adapters.every(({ sources }) => sources.includes(file)))

  test('there are two of them, and they share most files', () => {
    expect(adapters.map(({ manifest }) => manifest.name)).toEqual(Object.keys(ODD_FILES))
    expect(shared).toEqual(expect.arrayContaining(['dialects.ts', 'index.ts', 'offline.ts', 'map-image/index.ts', 'map-image/architecture.ts', 'map-image/status.ts']))
  })

  test.each(adapters.map((one) => ({ name: one.manifest.name, one })))('$name has the files of the others, and odd ones for a reason', ({ name, one }) => {
    const odd = one.sources.filter((file) => !shared.includes(file))
    const places = Object.keys(ODD_FILES[name] ?? {})
    expect(odd.filter((file) => !places.some((place) => isPlace(place, file)))).toEqual([])
    expect(places.filter((place) => !odd.some((file) => isPlace(place, file)))).toEqual([])
  })
})

test('tests that run without the lab do not import it', () => {
  const importing = packages.flatMap((one) => one.tests.filter((file) => importsOf(textOf(one, `test/${file}`)).includes('@imago/lab')).map((file) => one.path + file))
  expect(importing.filter((path) => path.endsWith('.test.ts') && !path.endsWith('.lab.test.ts'))).toEqual([])
})

describe('changesets', () => {
  const folder = new URL('.changeset/', root)
  const texts = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md').map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const)

  /** The packages that the head of a changeset names; `null`: it has no head. */
  const namedIn = (text: string): readonly string[] | null => {
    const head = /^---\n([^]*?)\n---\n+\S/.exec(text)?.[1]
    return head === undefined ? null : head.split('\n').map((line) => /^['"]([^'"]+)['"]: (?:major|minor|patch)$/.exec(line)?.[1] ?? line)
  }

  test('name packages that there are: of any other name, no release can be made', () => {
    const names = new Set(packages.map(({ manifest }) => manifest.name))
    const wrong = texts.map(([file, text]) => [file, namedIn(text)?.filter((name) => !names.has(name)) ?? 'no head']).filter(([, others]) => others?.length !== 0)
    expect(wrong).toEqual([])
  })

  test('are told apart by that', () => {
    expect(namedIn("---\n'imago': minor\n\"@imago/cli\": patch\n---\n\nText.\n")).toEqual(['imago', '@imago/cli'])
    expect(namedIn('---\nimago: huge\n---\nText.\n')).toEqual(['imago: huge'])
    expect(namedIn('Text.\n')).toBeNull()
  })
})
