import type { FastifyInstance } from 'fastify'
import { systemClock, type Clock } from '../clock.ts'
import { controlRoutes } from '../faults/control.ts'
import { faultsPlugin } from '../faults/plugin.ts'
import { createFaults, type Faults } from '../faults/rules.ts'
import { createRequestLog, type RequestLog } from '../request-log.ts'
import { createApp, listen, type ListenOptions } from '../server.ts'
import type { ActionFailure } from './action.ts'
import { offeredImages } from './catalogue/system-images.ts'
import type { ApiContext } from './context.ts'
import { registerErrorResponses } from './errors.ts'
import { readOnlyError } from './api-error.ts'
import type { Era } from './era.ts'
import { hetznerFaultTarget } from './fault-target.ts'
import { gate, type Access } from './gate.ts'
import { createProject } from './project.ts'
import type { RescueOptions } from './rescue/options.ts'
import { createRescue, type Rescue } from './rescue/rescue.ts'
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts'
import { actionRoutes } from './routes/actions.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { imageRoutes } from './routes/images.ts'
import { serverActionRoutes } from './routes/server-actions.ts'
import { serverRoutes } from './routes/servers.ts'
import { sshKeyRoutes } from './routes/ssh-keys.ts'
import { addSnapshots, seedProject } from './seed.ts'
import { createRandom, randomText } from './seeded.ts'

/** Options of `createHetznerSimulator`. */
export interface HetznerSimulatorOptions extends ListenOptions {
  /** Default: the system clock. */
  readonly clock?: Clock | undefined
  /** Default: 2026. */
  readonly era?: Era | undefined
  /** The names of the projects; each has its own tokens. Default: `production` and `staging`. */
  readonly projects?: readonly string[] | undefined
  /** The number of additional snapshots of the first project. Default: 0. */
  readonly extraSnapshots?: number | undefined
  /** The rate limit of each project. */
  readonly rateLimit?: RateLimitOptions | undefined
  /** The duration of each action in milliseconds. Default: 0 to 3 seconds, by command. */
  readonly actionMs?: number | undefined
  /** The disks of the servers, and the rescue system that accesses them. */
  readonly rescue?: RescueOptions | undefined
}

/** A project, with its tokens. */
export interface SimulatedProject {
  readonly name: string
  /** 64 characters, derived from the name. */
  readonly token: string
  /** A read-only token. */
  readonly readOnlyToken: string
  /** Makes the next action of a command (`create_image`, `rebuild_server` …) fail. */
  readonly failNextAction: (command: string, failure?: ActionFailure) => void
}

/** A running simulator of Hetzner Cloud. */
export interface HetznerSimulator {
  /** The value of `HCLOUD_ENDPOINT`: with `/v1`, without a trailing slash. */
  readonly url: string
  readonly port: number
  readonly projects: readonly SimulatedProject[]
  /** The token of the first project. */
  readonly token: string
  readonly readOnlyToken: string
  /** The supported operations in OpenAPI notation: `GET /images/{id}`. */
  readonly operations: readonly string[]
  readonly faults: Faults
  readonly requests: RequestLog
  /** The port of all rescue systems, each on its server's own loopback address; null if this machine does not support such addresses. */
  readonly sshPort: number | null
  readonly rescue: Rescue
  readonly close: () => Promise<void>
}

const DAY = 86_400_000
const PREFIX = '/v1'

const createToken = (name: string, sort: string): string =>
  randomText(createRandom(`hetzner ${sort} token of ${name}`), 64)

const apiRoutes = (context: ApiContext, app: FastifyInstance): void => {
  for (const routes of [imageRoutes, actionRoutes, serverRoutes, serverActionRoutes, sshKeyRoutes, catalogueRoutes])
    routes(app, context)
}

/** Starts a server with the image-related part of Hetzner Cloud's API. All state is in memory. */
export const createHetznerSimulator = async (options: HetznerSimulatorOptions = {}): Promise<HetznerSimulator> => {
  const {
    clock = systemClock,
    era = '2026',
    projects: names = ['production', 'staging'],
    extraSnapshots = 0,
    actionMs = null,
  } = options
  const faults = createFaults()
  const requests = createRequestLog()
  const rescue = await createRescue(options.rescue ?? {}, faults)
  const started = clock()
  const offered = offeredImages(Math.floor(started / DAY) * DAY)

  const accesses = new Map<string, Access>()
  const projects = names.map((name, index): SimulatedProject => {
    const project = createProject({ name, index, clock, actionMs })
    seedProject(project, started, offered)
    if (index === 0) addSnapshots(project, started, extraSnapshots, offered)
    const rateLimit = createRateLimit(clock, options.rateLimit)
    const [token, readOnlyToken] = [createToken(name, 'read and write'), createToken(name, 'read')]
    accesses.set(token, { project, rateLimit, isReadOnly: false })
    accesses.set(readOnlyToken, { project, rateLimit, isReadOnly: true })
    const failNextAction = (
      command: string,
      failure: ActionFailure = { code: 'action_failed', message: 'Action failed' },
    ): void => project.failNext(command, failure)
    return { name, token, readOnlyToken, failNextAction }
  })
  const [first] = projects
  if (first === undefined) throw new Error('a simulator needs a project')

  const operations: string[] = []
  const app = createApp(clock)
  registerErrorResponses(app)
  await app.register(faultsPlugin, { faults, requests, target: hetznerFaultTarget(clock, () => accesses.clear()) })
  controlRoutes(app, { faults, requests })
  app.register(
    (api, _options, done) => {
      api.addHook('onRoute', ({ method, path }) => {
        const methods = [method].flat().filter((one) => one !== 'HEAD')
        operations.push(
          ...methods.map((one) => `${one} ${path.slice(PREFIX.length).replaceAll(/:([a-z_]+)/g, '{$1}')}`),
        )
      })
      const getProject = gate(api, {
        findAccess: (token) => accesses.get(token) ?? null,
        readOnlyError: () => readOnlyError(era),
      })
      apiRoutes({ clock, era, rescue, offered: new Map(offered.map((image) => [image.id, image])), getProject }, api)
      done()
    },
    { prefix: PREFIX },
  )
  const running = await listen(app, options).catch(async (error: unknown) => {
    await rescue.close()
    throw error
  })
  const close = async (): Promise<void> => {
    await running.close()
    await rescue.close()
  }
  return {
    url: running.url + PREFIX,
    port: running.port,
    projects,
    token: first.token,
    readOnlyToken: first.readOnlyToken,
    operations,
    faults,
    requests,
    sshPort: rescue.port,
    rescue,
    close,
  }
}
