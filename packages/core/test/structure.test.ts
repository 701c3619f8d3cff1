import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const root = new URL('../../..', import.meta.url)

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, { readonly '@imago/source'?: string }>>
}

interface Package {
  /** The path of its folder from the root, with a final slash. */
  readonly path: string
  readonly manifest: Manifest
  /** All dependencies, including optional and peer dependencies. */
  readonly needs: readonly string[]
  /** Paths of its sources, from its `src/`. */
  readonly sources: readonly string[]
  /** Paths of its tests, from its `test/`. */
  readonly tests: readonly string[]
}

const filesIn = (folder: URL): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => file.replaceAll('\\', '/'))
        .sort()
    : []

const packageAt = (path: string): Package => {
  const manifest = JSON.parse(readFileSync(new URL(`${path}package.json`, root), 'utf8')) as Manifest
  const needs = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })
  return {
    path,
    manifest,
    needs,
    sources: filesIn(new URL(`${path}src/`, root)),
    tests: filesIn(new URL(`${path}test/`, root)),
  }
}

const packages = ['packages', 'schemas', 'adapters', 'examples']
  .flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root))
      .filter((name) => existsSync(new URL(`${folder}/${name}/package.json`, root)))
      .map((name) => packageAt(`${folder}/${name}/`)),
  )
  .concat(packageAt('lab/'))

const readSource = ({ path }: Package, file: string): string => readFileSync(new URL(path + file, root), 'utf8')

/** The modules that a module imports or re-exports, including types. Relies on the formatter, which puts each `from` at the end of a statement on its own line. */
const readImports = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export|\}) ?.*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  )

/** The package of a specifier, if it is one of this repository: `@imago/core` for `@imago/core/x`. */
const ownName = (specifier: string): string | null => /^(@imago\/[^/]+|imago)(?:\/|$)/.exec(specifier)?.[1] ?? null

/** The folders of the adapters. */
const adapterFolders = readdirSync(new URL('adapters/', root)).filter((name) =>
  existsSync(new URL(`adapters/${name}/package.json`, root)),
)

/** The allowed dependencies between packages of this repository. docs/architecture.md shows them as a diagram. */
const MAY_NEED: Readonly<Record<string, readonly string[] | 'all but examples and the lab'>> = {
  '@imago/codec': [],
  '@imago/core': ['@imago/codec'],
  '@imago/schema-image': [],
  '@imago/crosswalk': [],
  '@imago/http': ['@imago/codec', '@imago/core'],
  '@imago/provider-kit': ['@imago/codec', '@imago/core', '@imago/http'],
  '@imago/inspect': [],
  '@imago/lock': ['@imago/codec', '@imago/core', '@imago/crosswalk'],
  '@imago/json-records': [],
  '@imago/report': ['@imago/core', '@imago/crosswalk', '@imago/lifecycle'],
  '@imago/lifecycle': ['@imago/codec', '@imago/core', '@imago/crosswalk'],
  '@imago/transfer': ['@imago/codec', '@imago/core', '@imago/http', '@imago/inspect'],
  '@imago/store': ['@imago/codec', '@imago/core'],
  '@imago/fleet': ['@imago/core', '@imago/store', '@imago/transfer'],
  // Must be independent of adapters and codecs, so that it does not share their bugs.
  '@imago/simulator': [],
  '@imago/testkit': ['@imago/codec', '@imago/core', '@imago/provider-kit'],
  // Must be independent, because other packages are tested against it.
  '@imago/lab': [],
  imago: [
    '@imago/adapter-hetzner',
    '@imago/adapter-openstack',
    '@imago/codec',
    '@imago/core',
    '@imago/http',
    '@imago/provider-kit',
    '@imago/transfer',
  ],
  '@imago/cli': 'all but examples and the lab',
}

/** The allowed dependencies of a provider's schema or adapter package; `null`: not a provider's package. */
const findProviderDependencies = (name: string): readonly string[] | null => {
  const [, kind, provider] = /^@imago\/(schema|adapter)-([a-z0-9-]+)$/.exec(name) ?? []
  if (provider === undefined || !existsSync(new URL(`adapters/${provider}/`, root))) return null
  return kind === 'schema'
    ? ['@imago/codec']
    : [
        '@imago/codec',
        '@imago/core',
        '@imago/crosswalk',
        '@imago/http',
        '@imago/provider-kit',
        `@imago/schema-${provider}`,
      ]
}

const isExample = ({ path }: Package): boolean => path.startsWith('examples/')
const libraries = packages.filter((one) => !isExample(one))
const exampleNames = packages.filter(isExample).map(({ manifest }) => manifest.name)

const mayNeed = (name: string, other: string): boolean => {
  const allowed = MAY_NEED[name] ?? findProviderDependencies(name) ?? []
  return allowed === 'all but examples and the lab'
    ? other !== name && other !== '@imago/lab' && !exampleNames.includes(other)
    : allowed.includes(other)
}

describe.each(libraries.map((one) => ({ name: one.manifest.name, one })))('$name', ({ name, one }) => {
  const imports = one.sources.flatMap((file) =>
    readImports(readSource(one, `src/${file}`)).map((specifier) => ({ file, specifier })),
  )

  it('has an entry in MAY_NEED', () => expect(MAY_NEED[name] ?? findProviderDependencies(name)).not.toBeNull())

  it('depends only on allowed packages of this repository', () => {
    expect(one.needs.filter((need) => ownName(need) !== null && !mayNeed(name, need))).toEqual([])
  })

  it('imports only packages of this repository that its manifest names', () => {
    const ours = imports.filter(({ specifier }) => ownName(specifier) !== null)
    expect(ours.filter(({ specifier }) => !one.needs.includes(ownName(specifier) ?? ''))).toEqual([])
  })

  it('imports only third-party packages that its manifest names', () => {
    const foreign = imports.filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    const toPackageName = (specifier: string): string =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
    expect(foreign.filter(({ specifier }) => !one.needs.includes(toPackageName(specifier)))).toEqual([])
  })

  it('has relative imports only of existing files inside the package', () => {
    const relative = imports.filter(({ specifier }) => specifier.startsWith('.'))
    const isInside = (file: string, specifier: string): boolean => {
      const target = posix.join('src', posix.dirname(file), specifier)
      return target === 'package.json' || one.sources.some((source) => target === `src/${source}`)
    }
    expect(relative.filter(({ file, specifier }) => !isInside(file, specifier))).toEqual([])
  })

  it('has no import cycles', () => {
    const relative = new Map(
      one.sources.map((file) => [
        file,
        imports
          .filter((imported) => imported.file === file && imported.specifier.startsWith('.'))
          .map(({ specifier }) => posix.join(posix.dirname(file), specifier)),
      ]),
    )
    // Remove files without remaining imports until none changes; the rest are in cycles.
    for (let left = -1; left !== relative.size;) {
      left = relative.size
      for (const [file, targets] of relative) if (!targets.some((target) => relative.has(target))) relative.delete(file)
    }
    expect([...relative.keys()]).toEqual([])
  })

  it('has project references to exactly its dependencies in this repository', () => {
    const { references = [] } = JSON.parse(readSource(one, 'tsconfig.json')) as {
      readonly references?: readonly { readonly path: string }[]
    }
    const referred = references.map(
      ({ path }) =>
        packages.find((other) => new URL(`${path}/`, new URL(one.path, root)).href === new URL(other.path, root).href)
          ?.manifest.name,
    )
    expect(new Set(referred)).toEqual(new Set(one.needs.filter((need) => ownName(need) !== null)))
  })

  it('imports fp-ts and io-ts by paths that Node can load', () => {
    const all = [...one.sources.map((file) => `src/${file}`), ...one.tests.map((file) => `test/${file}`)]
    const short = all.flatMap((file) =>
      readImports(readSource(one, file)).filter(
        (specifier) => /^(fp-ts|io-ts)\//.test(specifier) && !/^(fp-ts|io-ts)\/lib\/\w+\.js$/.test(specifier),
      ),
    )
    expect([...short, ...imports.filter(({ specifier }) => specifier === 'fp-ts')]).toEqual([])
  })
})

describe('structure of the packages', () => {
  it('no package depends on the command, the lab or an example', () => {
    const refused = ['@imago/cli', '@imago/lab', ...exampleNames]
    const needing = libraries.filter((one) =>
      [...one.needs, ...one.sources.flatMap((file) => readImports(readSource(one, `src/${file}`)))].some((name) =>
        refused.some((other) => name === other || name.startsWith(`${other}/`)),
      ),
    )
    expect(needing.map(({ manifest }) => manifest.name)).toEqual([])
    expect(exampleNames.length).toBeGreaterThan(0)
  })

  it('only @imago/http depends on axios', () => {
    expect(
      libraries
        .filter(({ needs }) => needs.includes('axios'))
        .map(({ manifest }) => manifest.name)
        .filter((name) => name !== '@imago/http'),
    ).toEqual([])
  })

  it('@imago/transfer contains no property names of providers', () => {
    const NAMES =
      /\b(?:os_(?:distro|type|version|admin|hash|glance|hidden|secure|encrypt|decrypt)\w*|hw_\w+|img_\w+|owner_specified|base_image_\w+|cinder_\w+|vmware_\w+|instance_uuid|kernel_id|ramdisk_id|provided_until|block_device_mapping|direct_url|hetzner\.cloud)\b|'(?:architecture|description)=/
    const transfer = libraries.find(({ manifest }) => manifest.name === '@imago/transfer')
    const found = (transfer?.sources ?? []).flatMap((file) =>
      NAMES.test(transfer === undefined ? '' : readSource(transfer, `src/${file}`)) ? [file] : [],
    )
    expect(found).toEqual([])
    expect(
      ['os_hash_algo', 'hw_disk_bus', 'img_signature', 'owner_specified.shade.md5'].every((name) =>
        NAMES.test(`'${name}'`),
      ),
    ).toBe(true)
  })

  describe('offline entry points do not load @imago/http', () => {
    /** The modules that a module loads immediately, without types and dynamic imports. */
    const loadedBy = (text: string): readonly string[] =>
      readImports(
        text.replaceAll(/^(?:import|export) type [^;]*?\bfrom '[^']+'$/gm, '').replaceAll(/\bimport\('[^']+'\)/g, ''),
      )

    /** The source of an entry point of this repository, such as `@imago/schema-hetzner/image`. */
    const findEntry = (specifier: string): string | null => {
      const owner = packages.find(({ manifest }) => manifest.name === ownName(specifier))
      const entry = owner?.manifest.exports?.[`.${specifier.slice(owner.manifest.name.length)}`]?.['@imago/source']
      return owner === undefined || entry === undefined ? null : posix.join(owner.path, entry)
    }

    /** All sources of this repository that are loaded with `path`. */
    const reached = (path: string, seen = new Set<string>()): ReadonlySet<string> => {
      if (seen.has(path)) return seen
      seen.add(path)
      for (const specifier of loadedBy(readFileSync(new URL(path, root), 'utf8'))) {
        const next = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : findEntry(specifier)
        if (next?.endsWith('.ts') === true) reached(next, seen)
      }
      return seen
    }

    const entries = [
      'packages/provider-kit/src/index.ts',
      'packages/imago/src/index.ts',
      ...adapterFolders.flatMap((folder) => [
        `adapters/${folder}/src/offline.ts`,
        `adapters/${folder}/src/provider.ts`,
      ]),
    ]

    it.each(entries)('%s', (entry) =>
      expect([...reached(entry)].filter((path) => path.startsWith('packages/http/'))).toEqual([]),
    )

    it('follows imports across packages, except types and dynamic imports', () => {
      expect([...reached(`adapters/${adapterFolders[0] ?? ''}/src/provider.ts`)]).toEqual(
        expect.arrayContaining([
          'packages/core/src/provider.ts',
          expect.stringMatching(/^schemas\/.*\/image\.ts$/),
          expect.stringMatching(/\/map-image\/index\.ts$/),
        ]),
      )
      expect([...reached(`adapters/${adapterFolders[0] ?? ''}/src/connector.ts`)]).toContain(
        'packages/http/src/client.ts',
      )
      expect(
        loadedBy(
          "import type { A } from './a.ts'\nimport { b, type B } from './b.ts'\nexport type { C } from './c.ts'\nconst d = () => import('./d.ts')\n",
        ),
      ).toEqual(['./b.ts'])
    })
  })

  it('readImports finds imports, re-exports and dynamic imports', () => {
    const text =
      "import * as E from 'fp-ts/lib/Either.js'\nimport type {\n  A,\n  B,\n} from './a.ts'\nimport './b.ts'\nexport { c } from './c.ts'\nexport type {\n  D,\n} from '@imago/d'\nconst e = await import('./e.ts')\nconst text = 'import f'\n"
    expect(readImports(text)).toEqual(['fp-ts/lib/Either.js', './a.ts', './b.ts', './c.ts', '@imago/d', './e.ts'])
  })

  describe('adapters have the same structure', () => {
    /**
     * The files of every adapter and their exports. `<Provider>` is replaced by the name of the adapter.
     */
    const ROLES: Readonly<Record<string, readonly string[]>> = {
      'provider.ts': ['provider'],
      'offline.ts': ['<provider>Reader', '<provider>Mapping', '<provider>Dialects', '<provider>Foreign'],
      'dialects/index.ts': ['<provider>Dialects'],
      'dialects/foreign.ts': ['<provider>Foreign'],
      'map-image/index.ts': ['<provider>Mapping'],
      'capabilities.ts': ['declared', 'OPERATIONS', 'LARGEST_PAGE'],
      'metadata.ts': ['metadata'],
      'words.ts': ['words'],
      'describe.ts': ['describe'],
      'config/cloud.ts': ['<Provider>Cloud', '<Provider>Settings'],
      'config/discover.ts': ['discover'],
      'connector.ts': ['connector', '<Provider>LiveCloud'],
      'options.ts': ['<Provider>Options'],
      'session.ts': ['<Provider>Session', 'create<Provider>Session'],
      'source.ts': ['create<Provider>Source', 'create<Provider>SourceFrom'],
      'api/index.ts': ['<Provider>Api', 'create<Provider>Api', 'create<Provider>ApiFrom'],
      'api/call.ts': ['CallOptions'],
      'api/page.ts': ['readPage'],
      'map-error.ts': ['toImageError'],
      'retry.ts': ['<provider>Retry'],
      'source/context.ts': ['SourceContext', 'fetchImage', 'withId'],
      'source/list-page.ts': ['listPage'],
      'source/probe.ts': ['probe'],
      'index.ts': [
        'provider',
        '<provider>Reader',
        'create<Provider>Api',
        'create<Provider>Source',
        '<Provider>Api',
        '<Provider>Options',
        '<Provider>Session',
      ],
    }
    /** The files and exports of an adapter whose provider has the feature. */
    const OPTIONAL_ROLES: Readonly<Record<string, readonly string[]>> = {
      'map-image/architecture.ts': ['toArchitecture'],
      'map-image/kind.ts': ['toKind', 'toVisibility'],
      'map-image/operating-system.ts': ['toDistro', 'toFamily'],
      'map-image/origins.ts': ['toOrigins'],
      'map-image/size.ts': [],
      'map-image/status.ts': ['toStatus'],
      'map-operation.ts': ['toOperation'],
      'dialects/terraform.ts': ['terraform'],
      'dialects/pulumi.ts': ['pulumi'],
      'dialects/recognize-image.ts': [],
      'requests/image-query.ts': [],
      'requests/images.ts': ['ImageListParameters'],
      'api/actions.ts': ['actionsApi', 'ActionsApi'],
      'api/images.ts': ['imagesApi', 'ImagesApi'],
      'api/locations.ts': ['locationsApi', 'LocationsApi'],
      'api/servers.ts': ['serversApi', 'ServersApi'],
      'source/operations.ts': ['operations', 'operation'],
      'source/delete.ts': ['deleteImage'],
      'source/server-image.ts': ['createFromServer'],
      'source/servers.ts': ['servers'],
      'source/update.ts': ['update'],
      'source/usage.ts': ['usage'],
      'source/prices.ts': ['prices'],
    }
    const ALL_ROLES = { ...ROLES, ...OPTIONAL_ROLES }

    const exportedBy = (text: string): ReadonlySet<string> =>
      new Set([
        ...[...text.matchAll(/^export (?:const|interface|type|class|function) (\w+)/gm)].map(([, name = '']) => name),
        ...[...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
          names
            .split(',')
            .map((name) => name.trim().replace(/^type /, ''))
            .filter((name) => name !== ''),
        ),
      ])

    const matchesPath = (place: string, file: string): boolean =>
      place.endsWith('/') ? file.startsWith(place) : file === place
    const adapters = adapterFolders.map((folder) => ({ folder, one: packageAt(`adapters/${folder}/`) }))

    it('apply to several adapters', () => expect(adapters.length).toBeGreaterThan(1))

    it.each(adapters)('$folder has the required files and exports', ({ folder, one }) => {
      const named = (role: string): string =>
        role.replaceAll('<Provider>', folder.charAt(0).toUpperCase() + folder.slice(1)).replaceAll('<provider>', folder)
      expect(Object.keys(ROLES).filter((file) => !one.sources.includes(file))).toEqual([])
      const lacking = Object.entries(ALL_ROLES).flatMap(([file, roles]) => {
        const exported = one.sources.includes(file) ? exportedBy(readSource(one, `src/${file}`)) : null
        return roles
          .filter((role) => exported !== null && !exported.has(named(role)))
          .map((role) => `${file}: ${named(role)}`)
      })
      expect(lacking).toEqual([])
    })

    it.each(adapters)('$folder gives a reason for each other file in odd-files.json', ({ one }) => {
      const reasons = JSON.parse(readSource(one, 'odd-files.json')) as Readonly<Record<string, string>>
      const odd = one.sources.filter((file) => ALL_ROLES[file] === undefined)
      const places = Object.keys(reasons)
      expect(odd.filter((file) => !places.some((place) => matchesPath(place, file)))).toEqual([])
      expect(places.filter((place) => !odd.some((file) => matchesPath(place, file)))).toEqual([])
    })

    it('recognize exported names', () => {
      expect(
        exportedBy(
          "export const a = 1\nexport type {\n  B,\n  C,\n} from './b.ts'\nexport { d, type E } from './d.ts'\nconst f = 1\n",
        ),
      ).toEqual(new Set(['a', 'B', 'C', 'd', 'E']))
    })
  })

  describe('public API', () => {
    const sources = packages.flatMap((one) =>
      one.sources.map((file) => ({ one, file, text: readSource(one, `src/${file}`) })),
    )
    const toPath = ({ one, file }: { readonly one: Package; readonly file: string }): string => `${one.path}src/${file}`

    it('has no export *', () => {
      expect(sources.filter(({ text }) => /^export \*/m.test(text)).map(toPath)).toEqual([])
    })

    it('provides everything that adapters need from core in @imago/core/provider', () => {
      const inAdapters = sources.filter(
        ({ one }) => one.path.startsWith('adapters/') || one.path === 'examples/provider-digitalocean/',
      )
      expect(inAdapters.length).toBeGreaterThan(100)
      expect(inAdapters.filter(({ text }) => readImports(text).includes('@imago/core')).map(toPath)).toEqual([])
    })

    const ENTRIES = [
      'packages/core/src/index.ts',
      'packages/core/src/provider.ts',
      'packages/provider-kit/src/index.ts',
      'packages/imago/src/index.ts',
      'packages/imago/src/live.ts',
    ]

    it.each(ENTRIES)('has no name of fp-ts/function in %s', async (path) => {
      const ofFpts = new Set(Object.keys(await import('fp-ts/lib/function.js')))
      expect(ofFpts).toContain('identity')
      const text = readFileSync(new URL(path, root), 'utf8')
      const names = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
        .flatMap(([, list = '']) => list.split(','))
        .map((name) => name.replace('type ', '').trim())
        .filter((name) => name !== '')
      expect(names.length).toBeGreaterThan(3)
      expect(names.filter((name) => ofFpts.has(name))).toEqual([])
    })
  })

  describe('names of providers', () => {
    /** The list of the included providers. Only the simulator and the testkit may name providers too. */
    const LIST = 'packages/imago/src/providers.ts'
    const MAY_NAME = new Set(['packages/simulator/', 'packages/testkit/'])
    const literal = new RegExp(`['"\`](?:${adapterFolders.join('|')})['"\`]`)

    /** Comments may name a provider; code may not. */
    const withoutComments = (text: string): string => text.replaceAll(/^\s*(?:\/\*\*?|\*|\/\/).*$/gm, '')

    it('are not in the code of packages', () => {
      const naming = libraries
        .filter(({ path }) => path.startsWith('packages/') && !MAY_NAME.has(path))
        .flatMap((one) =>
          one.sources
            .filter((file) => literal.test(withoutComments(readSource(one, `src/${file}`))))
            .map((file) => `${one.path}src/${file}`),
        )
      expect(naming.filter((path) => path !== LIST)).toEqual([])
    })

    it('are all in the list', () => {
      const list = readFileSync(new URL(LIST, root), 'utf8')
      expect(adapterFolders.filter((folder) => !list.includes(`'@imago/adapter-${folder}/provider'`))).toEqual([])
    })

    it('are recognized as string literals', () => {
      for (const text of ["provider === 'hetzner'", 'new Set(["openstack"])', '`hetzner`'])
        expect(literal.test(text)).toBe(true)
      expect(literal.test("from '@imago/adapter-hetzner'")).toBe(false)
    })
  })

  it('only lab tests import @imago/lab', () => {
    const importing = packages.flatMap((one) =>
      one.tests
        .filter((file) => readImports(readSource(one, `test/${file}`)).includes('@imago/lab'))
        .map((file) => one.path + file),
    )
    expect(importing.filter((path) => path.endsWith('.test.ts') && !path.endsWith('.lab.test.ts'))).toEqual([])
  })

  describe('changesets', () => {
    const folder = new URL('.changeset/', root)
    const texts = readdirSync(folder)
      .filter((file) => file.endsWith('.md') && file !== 'README.md')
      .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const)

    /** The packages in the front matter of a changeset; `null`: no front matter. */
    const namedIn = (text: string): readonly string[] | null => {
      const head = /^---\n([^]*?)\n---\n+\S/.exec(text)?.[1]
      return head === undefined
        ? null
        : head.split('\n').map((line) => /^['"]([^'"]+)['"]: (?:major|minor|patch)$/.exec(line)?.[1] ?? line)
    }

    it('name only existing packages', () => {
      const names = new Set(packages.map(({ manifest }) => manifest.name))
      const wrong = texts
        .map(([file, text]) => [file, namedIn(text)?.filter((name) => !names.has(name)) ?? 'no head'])
        .filter(([, others]) => others?.length !== 0)
      expect(wrong).toEqual([])
    })

    it('have their packages in the front matter', () => {
      expect(namedIn('---\n\'imago\': minor\n"@imago/cli": patch\n---\n\nText.\n')).toEqual(['imago', '@imago/cli'])
      expect(namedIn('---\nimago: huge\n---\nText.\n')).toEqual(['imago: huge'])
      expect(namedIn('Text.\n')).toBeNull()
    })
  })
})
