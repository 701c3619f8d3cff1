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
 * A configured cloud, or one region of it: `source`, its images by the common contract; `api`, all of its API in the provider's own words; and what the
 * provider gives besides. One login serves all. `provider` tells which one it is, and so the types of `api` and the rest.
 */
export type ConnectedCloud<P extends Provider = BundledProvider> =
  P extends Provider<infer Name, infer _Settings, infer Live>
    ? Live & {
        readonly provider: Name
        /** Exact, as the command takes it: `hetzner/prod`, `openstack/lab@RegionOne`. */
        readonly name: string
      }
    : never

export interface ConnectOptions<P extends Provider = never> {
  /** Only these, in this order: `[provider/]cloud[@region]`. Default: all that are configured. */
  readonly clouds?: readonly string[] | undefined
  /** Providers besides those that imago brings. One of the same name replaces imago's. */
  readonly providers?: readonly P[] | undefined
  /** Who asks: `my-program/1.0`. */
  readonly userAgent?: string | undefined
  /** Combine a `clouds.yaml` of the working directory with secrets from elsewhere. */
  readonly trustDirectory?: boolean | undefined
  /** Takes a line for each exchange. No line holds a query, a header or a body. */
  readonly log?: ((line: string) => void) | undefined
  /** A dry run: is given what would change something, in place of the cloud. */
  readonly intercept?: ((request: InterceptedRequest) => void) | undefined
  /** Variables, directories and files. Default: those of this process. */
  readonly environment?: Environment | undefined
}

export interface ConnectResult<P extends Provider = BundledProvider> {
  readonly clouds: readonly ConnectedCloud<P>[]
  /** Why some of what is configured, or was named, cannot be used. */
  readonly problems: readonly ImageError[]
  /** The source of one of these clouds: what a transfer asks for (`RunOptions.openSource`). `NotFound`: not among them. */
  readonly openSource: (cloud: CloudIdentity) => ImageResult<ImageSource>
  /** Closes the connections: the process can end. */
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
 * The clouds that this machine is configured for, ready to be asked. Reads files and environment; asks no cloud yet, and never rejects.
 * Proxies and TLS are as the environment and the clouds say.
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
            hint: 'Connect it together with the others',
          }),
        )
      : TE.right(found.source)
  }
  return {
    // Each came from the provider that it names: that it has that provider's shape is the provider's own promise.
    clouds: connected.map((one) => one as ConnectedCloud<BundledProvider | P>),
    problems: [...problems, ...opened.flatMap((one) => (E.isLeft(one) ? [one.left] : []))],
    openSource,
    close: connections.close,
  }
}
