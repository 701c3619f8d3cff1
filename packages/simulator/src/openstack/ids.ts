import { createHash } from 'node:crypto'

/** Identifiers that come in the same order on every run with the same seed. */
export interface Ids {
  /** 32 hexadecimal digits, as Keystone names users, projects and roles. */
  readonly hex: () => string
  readonly uuid: () => string
  /** `req-UUID`, as `X-Openstack-Request-Id` carries it. */
  readonly requestId: () => string
  /** Looks like a Fernet token. */
  readonly token: () => string
  readonly auditId: () => string
}

const digest = (text: string): Buffer => createHash('sha512').update(text).digest()

const asUuid = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`

/** The identifier of what stands in the catalogue from the start: always the same for the same name. */
export const hexOf = (name: string): string => digest(name).toString('hex').slice(0, 32)

export const uuidOf = (name: string): string => asUuid(hexOf(name))

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
