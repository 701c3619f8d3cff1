import { systemClock, type Clock } from '../clock.ts'
import { controlRoutes } from '../faults/control.ts'
import { faultsPlugin } from '../faults/plugin.ts'
import { createFaults, type Faults } from '../faults/rules.ts'
import { createRequestLog, type RequestLog } from '../request-log.ts'
import { createApp, listen, type ListenOptions } from '../server.ts'
import { cloudsYaml } from './clouds-yaml.ts'
import { openstackFaultTarget } from './fault-target.ts'
import { generatedImages } from './glance/catalogue/generated-images.ts'
import { PROJECT_IMAGES, SECOND_REGION_IMAGES } from './glance/catalogue/project-images.ts'
import { PUBLIC_IMAGES } from './glance/catalogue/public-images.ts'
import { toImage } from './glance/catalogue/seed.ts'
import { glanceRoutes } from './glance/routes.ts'
import { createImageSchema } from './glance/schemas.ts'
import { STORES, type GlanceFormats, type GlanceQuotas, type GlanceState } from './glance/state.ts'
import { cinderRoutes } from './cinder/routes.ts'
import { createCinderState } from './cinder/volume.ts'
import { createIds } from './ids.ts'
import { createCatalog } from './keystone/catalog.ts'
import { DIRECTORY, type ApplicationCredential, type Project, type Trust, type User } from './keystone/directory.ts'
import { createReceipts } from './keystone/receipts.ts'
import { keystoneRoutes } from './keystone/routes.ts'
import { createTokens } from './keystone/tokens.ts'
import { novaRoutes } from './nova/routes.ts'
import { createServers } from './nova/server.ts'
import { IDENTITY, toRegionPaths } from './regions.ts'

/** Options of `createOpenstackSimulator`. */
export interface OpenstackSimulatorOptions extends ListenOptions {
  /** Default: the system clock. */
  readonly clock?: Clock | undefined
  /** Default: `RegionOne` and `RegionTwo`. The first region has the full catalogue. */
  readonly regions?: readonly string[] | undefined
  /** `none`: no images at the start. Default: `usual`, about thirty of all kinds. */
  readonly catalogue?: 'usual' | 'none' | undefined
  /** The number of additional images of project demo in the first region. Default: 0. */
  readonly generatedImages?: number | undefined
  /** Milliseconds. Default: one hour. */
  readonly tokenLifetimeMs?: number | undefined
  /** The duration of an import in milliseconds, if its data has arrived by then. Default: 1500. */
  readonly importMs?: number | undefined
  /** Milliseconds until a server's snapshot is active. Default: 3000. */
  readonly snapshotMs?: number | undefined
  /** Whether images show `direct_url` and `locations`. Default: true. */
  readonly showLocations?: boolean | undefined
  /** Default: 1 GiB per image; 128 members, properties and tags; no limit of storage and images. */
  readonly quotas?: Partial<GlanceQuotas> | undefined
  /** The allowed disk and container formats. Default: those of a new Glance installation. */
  readonly formats?: Partial<GlanceFormats> | undefined
}

/** A running simulator of an OpenStack cloud. */
export interface OpenstackSimulator {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly port: number
  /** The value of `OS_AUTH_URL`. */
  readonly authUrl: string
  readonly regions: readonly string[]
  /** With passwords and passcodes: they are not secret. */
  readonly users: readonly User[]
  readonly projects: readonly Project[]
  readonly applicationCredentials: readonly ApplicationCredential[]
  readonly trusts: readonly Trust[]
  /** A clouds.yaml with one entry per authentication method; `simulator` is the usual one. */
  readonly cloudsYaml: string
  readonly faults: Faults
  readonly requests: RequestLog
  /** Resolves when pending imports have fetched their data, which takes real time. */
  readonly fetched: () => Promise<void>
  readonly close: () => Promise<void>
}

const QUOTAS: GlanceQuotas = {
  imageSize: 1024 ** 3,
  storage: null,
  members: 128,
  properties: 128,
  tags: 128,
  images: null,
  uploads: null,
}

/** Starts Keystone and, in each region, a Glance, a partial Nova and a partial Cinder, on one port. All state is in memory. */
export const createOpenstackSimulator = async (
  options: OpenstackSimulatorOptions = {},
): Promise<OpenstackSimulator> => {
  const {
    clock: now = systemClock,
    regions = ['RegionOne', 'RegionTwo'],
    tokenLifetimeMs = 3_600_000,
    importMs = 1500,
    snapshotMs = 3000,
    showLocations = true,
  } = options
  const ids = createIds('openstack')
  const paths = toRegionPaths(regions)
  const tokens = createTokens({ now, ids, lifetimeMs: tokenLifetimeMs })
  const receipts = createReceipts({ now, ids, lifetimeMs: 300_000 })
  const faults = createFaults()
  const requests = createRequestLog()

  const glances = new Map(
    regions.map((region, index): readonly [string, GlanceState] => {
      const usual = index === 0 ? [...PUBLIC_IMAGES, ...PROJECT_IMAGES] : SECOND_REGION_IMAGES
      const generated = index === 0 ? generatedImages(options.generatedImages ?? 0) : []
      const images = [...(options.catalogue === 'none' ? [] : usual), ...generated].map((seed) => toImage(region, seed))
      const state: GlanceState = {
        region,
        now,
        ids: createIds(`glance/${region}`),
        stores: STORES,
        quotas: { ...QUOTAS, ...options.quotas },
        schema: createImageSchema(options.formats),
        showLocations,
        importMs,
        images: new Map(images.map((image) => [image.id, image])),
        deleted: new Set(),
        tasks: new Map(),
        due: [],
        fetching: new Set(),
      }
      return [region, state]
    }),
  )
  const states = [...glances.values()]

  // Tags may have 255 characters, and Glance itself refuses longer ones.
  // A path that is not UTF-8 causes a server error in Glance first.
  const app = createApp(now, {
    routerOptions: { maxParamLength: 8192 },
    frameworkErrors: (_error, _request, reply) => void reply.raw.writeHead(500).end(),
  })
  await app.register(faultsPlugin, { faults, requests, target: openstackFaultTarget(tokens.revokeAll) })
  controlRoutes(app, { faults, requests })
  const below = (prefix: string, routes: (scope: typeof app) => void): void =>
    void app.register(
      (scope, _options, done) => {
        routes(scope)
        done()
      },
      { prefix },
    )

  below(
    IDENTITY,
    keystoneRoutes(
      { directory: DIRECTORY, tokens, receipts, ids, catalog: (origin) => createCatalog(origin, IDENTITY, paths) },
      IDENTITY,
    ),
  )
  for (const { region, image, compute, volume } of paths) {
    const state = glances.get(region)
    if (state === undefined) continue
    below(image, glanceRoutes({ state, tokens, identity: IDENTITY, region: (name) => glances.get(name) }, image))
    below(
      compute,
      novaRoutes(
        { servers: createServers(region), glance: state, tokens, identity: IDENTITY, image, snapshotMs },
        compute,
      ),
    )
    below(
      volume,
      cinderRoutes({ state: createCinderState(region), tokens, ids: createIds(`cinder/${region}`) }, volume),
    )
  }

  const { url, port, close } = await listen(app, options)
  const authUrl = `${url}${IDENTITY}/v3`
  return {
    url,
    port,
    authUrl,
    regions,
    users: DIRECTORY.users,
    projects: DIRECTORY.projects,
    applicationCredentials: DIRECTORY.applicationCredentials,
    trusts: DIRECTORY.trusts,
    cloudsYaml: cloudsYaml(authUrl, regions[0] ?? 'RegionOne', regions.slice(1), DIRECTORY),
    faults,
    requests,
    fetched: async () => {
      await Promise.all(states.flatMap(({ fetching }) => [...fetching]))
    },
    close,
  }
}
