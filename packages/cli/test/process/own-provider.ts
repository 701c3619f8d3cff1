import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const builtEntry = (name: string, entry = 'index'): string =>
  pathToFileURL(join(__dirname, `../../../${name}/dist/${entry}.js`)).href

/**
 * Returns the source text of a small provider with its own copies of imago's packages: a token in an environment variable, one endpoint, images with
 * slugs. The records are those of DigitalOcean (digitalocean/openapi: specification/resources/images/models/image.yml).
 */
export const providerText = (name: string, change = ''): string => `
import { createImageReader, deriveCapabilities, identityField, notFound, readOnlyField, createRuleBuilders, createErrorSite } from '${builtEntry('core', 'provider')}'
import { sendForText, createHttpClient, fixedCredential, cautiousRetry, parseJsonBody, toImageErrorFromFailure } from '${builtEntry('http')}'
import { createDiscovery, readVariable, Secret } from '${builtEntry('provider-kit')}'
import * as t from '${pathToFileURL(require.resolve('io-ts')).href}'
import * as E from '${pathToFileURL(require.resolve('fp-ts/lib/Either.js')).href}'
import * as TE from '${pathToFileURL(require.resolve('fp-ts/lib/TaskEither.js')).href}'

const { declared: says, inferred } = createRuleBuilders()
const Droplet = t.intersection([t.type({ id: t.number }), t.partial({ name: t.string, slug: t.union([t.string, t.null]), distribution: t.string, regions: t.array(t.string) })], 'DropletImage')
const reader = createImageReader({
  provider: '${name}',
  title: 'Small Cloud',
  wire: Droplet,
  mapping: {
    'ref.id': identityField(says(['id'], ({ id }) => String(id))),
    name: readOnlyField(says(['name'], ({ name }) => name)),
    status: readOnlyField(inferred(['id'], () => 'available', 'it is listed')),
    kind: readOnlyField(inferred(['slug'], ({ slug }) => (slug === null ? 'snapshot' : 'system'), 'only base images have slugs')),
    architecture: readOnlyField(inferred(['slug'], ({ slug }) => (slug?.endsWith('-x64') ? 'x86_64' : undefined), 'a slug that ends in -x64')),
    'os.distro': readOnlyField(says(['distribution'], ({ distribution }) => distribution?.toLowerCase())),
  },
  dialects: [{ name: '${name}', title: 'the API', recognize: (record) => ('slug' in record && 'distribution' in record && 'regions' in record ? { certainty: 'certain', reason: 'it has slug, distribution and regions' } : null) }],
})
const declared = deriveCapabilities({})

export const provider = {
  contract: 1,
  name: '${name}',
  title: 'Small Cloud',
  reader,
  declared,
  words: { architectures: new Map([['x86_64', ['x64']]]), operatingSystems: new Map() },
  services: [],
  configuredBy: ['SMALL_TOKEN'],
  discover: async (environment) => {
    const discovery = createDiscovery('${name}')
    const token = readVariable(environment, 'SMALL_TOKEN')
    if (token !== null) discovery.add({ provider: '${name}', name: 'envvars', region: null, isDefault: true, origin: [{ variable: 'SMALL_TOKEN' }], tls: null, timeoutMs: null, settings: { endpoint: readVariable(environment, 'SMALL_ENDPOINT'), token: new Secret(token) } })
    return discovery.discovered()
  },
  describe: ({ settings }) => ({ url: settings.endpoint, user: null, project: null, auth: 'token' }),
  secrets: ({ settings }) => [settings.token],
  connect: async () => ({
    open: ({ name: cloud, settings: { endpoint, token } }, connection) => {
      const where = { provider: '${name}', cloud, region: null }
      const client = createHttpClient({ ...connection, base: endpoint, credential: fixedCredential([new URL(endpoint).origin], { authorization: \`Bearer \${token.reveal()}\` }), retry: cautiousRetry })
      const ask = (operation, url, signal) => TE.flatMapEither((response) => E.mapLeft((failure) => toImageErrorFromFailure(failure, createErrorSite(where, operation)))(parseJsonBody(response)))(TE.mapLeft((failure) => toImageErrorFromFailure(failure, createErrorSite(where, operation)))(sendForText(client)({ method: 'GET', url, signal })))
      const read = (records) => records.flatMap((record) => { const one = reader.read(record, { cloud, region: null, pointer: '' }); return E.isRight(one) ? [one.right.image] : [] })
      const listPage = (query, cursor, { signal } = {}) => TE.map((body) => ({ items: read(body.images), rejected: [], drift: [], next: null }))(ask('listPage', '/images', signal))
      const source = { cloud: where, capabilities: declared, probe: () => TE.right(declared), listPage, get: (id, { signal } = {}) => TE.flatMapEither((page) => { const one = page.items.find(({ ref }) => ref.id === id); return one === undefined ? E.left(notFound(createErrorSite(where, 'get'), { what: 'image not found' })) : E.right(one) })(listPage({}, null, { signal })) }
      return { source, api: {}, check: (options) => TE.map(() => ({ user: null, project: null, roles: [], expiresAt: null, services: [{ service: 'api', url: endpoint, versions: [], error: null }] }))(listPage({}, null, options)), client: (service) => (service === null ? client : null) }
    },
  }),
}
${change}
`
