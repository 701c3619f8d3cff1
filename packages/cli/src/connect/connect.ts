import { createHetznerSession, hetznerApiOf, hetznerSourceOf, type HetznerApi, type HetznerSession } from '@imago/adapter-hetzner'
import { createSession, openstackApiOf, openstackSourceOf, type OpenstackApi, type Session } from '@imago/adapter-openstack'
import { chooseCloud, findClouds, surroundingsOf, type Cloud, type Findings, type Surroundings } from '@imago/config'
import { createMasker, type ImageError, type ImageSource } from '@imago/core'
import type { Connection, HeldRequest } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { VERSION } from '../version.ts'
import { createConnections } from './connections.ts'
import { rescueOf } from './rescue.ts'
import { identityOf, nameOf, targetsOf, type Target } from './target.ts'

/** A configured cloud, or one region of it: its images by the common contract, all of its API in the provider's own words, and what both stand on, for requests of one's own. One login serves all. */
export type ConnectedCloud =
  /** `name`: exact, as the command takes it: `hetzner/prod`. */
  | { readonly provider: 'hetzner'; readonly name: string; readonly source: ImageSource; readonly api: HetznerApi; readonly session: HetznerSession }
  /** `name`: exact, as the command takes it: `openstack/lab@RegionOne`. */
  | { readonly provider: 'openstack'; readonly name: string; readonly source: ImageSource; readonly api: OpenstackApi; readonly session: Session }

export interface ConnectOptions {
  /** Only these, in this order: `[provider/]cloud[@region]`. All that are configured, unless said. */
  readonly clouds?: readonly string[] | undefined
  /** Who asks: `my-program/1.0`. */
  readonly userAgent?: string | undefined
  /** Combine a `clouds.yaml` of the working directory with secrets from elsewhere. */
  readonly trustDirectory?: boolean | undefined
  /** Takes a line for each exchange. No line holds a query, a header or a body. */
  readonly log?: ((line: string) => void) | undefined
  /** A dry run: is given what would change something, in place of the cloud. */
  readonly hold?: ((request: HeldRequest) => void) | undefined
  /** Environment, directories and files. Those of this process, unless said. */
  readonly surroundings?: Surroundings | undefined
}

export interface Connected {
  readonly clouds: readonly ConnectedCloud[]
  /** Why some of what is configured, or was named, cannot be used. */
  readonly problems: readonly ImageError[]
  /** Closes the connections: the process can end. */
  readonly close: () => void
}

const choose = (findings: Findings, names: readonly string[] | undefined): { readonly clouds: readonly Cloud[]; readonly problems: readonly ImageError[] } => {
  if (names === undefined) return findings
  const chosen = names.map((name) => chooseCloud(findings, name))
  return { clouds: chosen.flatMap((one) => (E.isRight(one) ? [one.right] : [])), problems: chosen.flatMap((one) => (E.isLeft(one) ? [one.left] : [])) }
}

const connected = (target: Target, connection: Connection): ConnectedCloud => {
  const name = nameOf(identityOf(target))
  switch (target.provider) {
    case 'hetzner': {
      const { name: cloud, endpoint, token } = target.cloud
      const session = createHetznerSession({ name: cloud, endpoint, token, connection, rescue: rescueOf(target.cloud) })
      return { provider: 'hetzner', name, source: hetznerSourceOf(session), api: hetznerApiOf(session), session }
    }
    case 'openstack': {
      const session = createSession({ name: target.cloud.name, region: target.region, connection })
      return { provider: 'openstack', name, source: openstackSourceOf(session, connection.timing), api: openstackApiOf(session), session }
    }
  }
}

/**
 * The clouds that `hcloud` and `openstack` are configured for, ready to be asked. Reads files and environment; asks no cloud yet, and never throws.
 * Proxies and TLS are as the environment and the clouds say.
 *
 * @example for (const { source } of connect().clouds) for await (const image of toClient(source).list()) console.log(image.ref.id)
 */
export const connect = (options: ConnectOptions = {}): Connected => {
  const { clouds: names, trustDirectory, userAgent = `imago/${VERSION}`, log = null, hold = null, surroundings = surroundingsOf(process) } = options
  const { clouds, problems } = choose(findClouds(surroundings, { trustDirectory }), names)
  const connections = createConnections({ surroundings, userAgent, log, masker: createMasker(), hold })
  const made = clouds.flatMap(targetsOf).map((target) => E.map((connection: Connection) => connected(target, connection))(connections.of(target)))
  return {
    clouds: made.flatMap((one) => (E.isRight(one) ? [one.right] : [])),
    problems: [...problems, ...made.flatMap((one) => (E.isLeft(one) ? [one.left] : []))],
    close: connections.close,
  }
}
