import { createHash } from 'node:crypto'

/** Identifiers in an order that depends only on the seed. */
export interface Ids {
  /** 32 hexadecimal digits, like Keystone's IDs of users, projects and roles. */
  readonly hex: () => string
  readonly uuid: () => string
  /** `req-UUID`, the value of `X-Openstack-Request-Id`. */
  readonly requestId: () => string
  /** Resembles a Fernet token. */
  readonly token: () => string
  readonly auditId: () => string
}

const digest = (text: string): Buffer => createHash('sha512').update(text).digest()

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`

/** Returns the ID of an initial resource, derived from its name. */
export const toHexId = (name: string): string => digest(name).toString('hex').slice(0, 32)

export const toUuid = (name: string): string => asUuid(toHexId(name))

export const createIds = (seed: string): Ids => {
  let count = 0
  const next = (): Buffer => digest(`${seed}/${count++}`)
  const uuid = (): string => asUuid(next().toString('hex'))
  return {
    hex: () => next().toString('hex').slice(0, 32),
    uuid,
    requestId: () => `req-${uuid()}`,
    token: () => `gAAAAAB${Buffer.concat([next(), next()]).toString('base64url')}`,
    auditId: () => next().subarray(0, 16).toString('base64url'),
  }
}
