import {
  createErrorSite,
  createMasker,
  notFound,
  type CloudIdentity,
  type ImageError,
  type ImageResult,
  type ImageSource,
} from '@imago/core'
import type { InterceptedRequest } from '@imago/http'
import {
  formatCloud,
  processEnvironment,
  toIdentity,
  type DiscoveredClouds,
  type Environment,
  type LiveCloud,
  type Provider,
  type ProviderCloud,
} from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { chooseClouds } from './choose-clouds.ts'
import { createConnections } from './connections.ts'
import { discoverClouds } from './discover-clouds.ts'
import { openCloud } from './open-cloud.ts'
import { providers as bundled, type BundledProvider } from './providers.ts'
import { VERSION } from './version.ts'

/**
 * A configured cloud, or one region of it. `source` lists its images by the common contract; `api` is the provider's full typed API; other properties
 * depend on the provider. One login serves all. Narrow the types of `api` and the rest by `provider`.
 */
export type ConnectedCloud<P extends Provider = BundledProvider> =
  P extends Provider<infer Name, infer _Settings, infer Live>
    ? Live & {
        readonly provider: Name
        /** The unambiguous name that the command accepts: `hetzner/prod`, `openstack/lab@RegionOne`. */
        readonly name: string
      }
    : never

/** Options of `connect`. */
export interface ConnectOptions<P extends Provider = never> {
  /** The clouds to connect, in this order: `[provider/]cloud[@region]`. Default: all configured clouds. */
  readonly clouds?: readonly string[] | undefined
  /** Additional providers. One with the name of a bundled provider replaces it. */
  readonly providers?: readonly P[] | undefined
  /** The user agent of requests: `my-program/1.0`. */
  readonly userAgent?: string | undefined
  /** Allow a `clouds.yaml` in the working directory to be combined with secrets from other directories. */
  readonly trustDirectory?: boolean | undefined
  /** Receives one line for each exchange. Lines never contain a query, header or body. */
  readonly log?: ((line: string) => void) | undefined
  /** Dry run: receives each request that would change something, instead of the cloud. */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** Variables, directories and files. Default: those of this process. */
  readonly environment?: Environment | undefined
}

/** The connected clouds, and the problems of the others. */
export interface ConnectResult<P extends Provider = BundledProvider> {
  readonly clouds: readonly ConnectedCloud<P>[]
  /** Why a configured or requested cloud cannot be used. */
  readonly problems: readonly ImageError[]
  /** Returns the source of a connected cloud, for transfers (`RunOptions.openSource`). `NotFound`: not connected. */
  readonly openSource: (cloud: CloudIdentity) => ImageResult<ImageSource>
  /** Closes the connections, so that the process can end. */
  readonly close: () => void
}

const choose = (
  discovered: DiscoveredClouds,
  providers: readonly Provider[],
  names: readonly string[] | undefined,
): { readonly clouds: readonly ProviderCloud[]; readonly problems: readonly ImageError[] } => {
  if (names === undefined) return discovered
  const chosen = names.map((name) => chooseClouds(discovered, providers, name))
  return {
    clouds: chosen.flatMap((one) => (E.isRight(one) ? one.right : [])),
    problems: chosen.flatMap((one) => (E.isLeft(one) ? [one.left] : [])),
  }
}

/**
 * Connects to the clouds that this machine is configured for. Reads files and environment variables, sends no request, and never rejects. Proxies
 * come from the environment, TLS settings from each cloud.
 *
 * @example for (const { source } of (await connect()).clouds) for await (const image of toClient(source).list()) console.log(image.ref.id)
 */
export const connect = async <P extends Provider = never>(
  options: ConnectOptions<P> = {},
): Promise<ConnectResult<BundledProvider | P>> => {
  const {
    clouds: names,
    trustDirectory,
    userAgent = `imago/${VERSION}`,
    log = null,
    intercept = null,
    environment = processEnvironment(process),
  } = options
  const own: readonly Provider[] = options.providers ?? []
  const providers = [...bundled.filter(({ name }) => !own.some((one) => one.name === name)), ...own]
  const { clouds, problems } = choose(
    await discoverClouds(providers, environment, { trustDirectory: trustDirectory === true }),
    providers,
    names,
  )
  const connections = createConnections({ environment, userAgent, log, masker: createMasker(), intercept })
  const opened = await Promise.all(
    clouds.map(
      async (
        cloud,
      ): Promise<E.Either<ImageError, LiveCloud & { readonly provider: string; readonly name: string }>> => {
        const connection = connections.of(cloud)
        if (E.isLeft(connection)) return connection
        const live = await openCloud(providers, cloud, connection.right)
        return E.map((one: LiveCloud) => ({ ...one, provider: cloud.provider, name: formatCloud(toIdentity(cloud)) }))(
          live,
        )
      },
    ),
  )
  const connected = opened.flatMap((one) => (E.isRight(one) ? [one.right] : []))
  const openSource = (cloud: CloudIdentity): ImageResult<ImageSource> => {
    const found = connected.find(({ source }) => formatCloud(source.cloud) === formatCloud(cloud))
    return found === undefined
      ? TE.left(
          notFound(createErrorSite(cloud, 'connect'), {
            what: `cloud not connected: ${formatCloud(cloud)}`,
            hint: 'Add it to the clouds passed to connect',
          }),
        )
      : TE.right(found.source)
  }
  return {
    // Each cloud comes from the provider that it names, so its shape is that provider's.
    clouds: connected.map((one) => one as ConnectedCloud<BundledProvider | P>),
    problems: [...problems, ...opened.flatMap((one) => (E.isLeft(one) ? [one.left] : []))],
    openSource,
    close: connections.close,
  }
}
