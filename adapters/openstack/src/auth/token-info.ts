import { toInstant } from '@imago/codec'
import type { KeystoneToken, KeystoneName, KeystoneScopeProject, KeystoneUser } from '@imago/schema-openstack'

/** A Keystone resource; unknown values are `null`. */
export interface Named {
  readonly id: string | null
  readonly name: string | null
}

/** A user or a project. */
export interface DomainMember extends Named {
  readonly domain: Named | null
}

/** The user, scope and roles of a token; contains no secrets. */
export interface TokenInfo {
  /** `null` without a login. */
  readonly user: DomainMember | null
  /** Scope of the token: at most one of project, domain and system; none for an unscoped token. */
  readonly project: DomainMember | null
  readonly domain: Named | null
  readonly isSystem: boolean
  /** Role names, or the ID of a role without a name. */
  readonly roles: readonly string[]
  /** Auth methods: `password`, `application_credential` … */
  readonly methods: readonly string[]
  /** RFC 3339, by Keystone's clock; `null` if the token does not expire. */
  readonly expiresAt: string | null
}

/** Used without a login. */
export const NO_LOGIN: TokenInfo = {
  user: null,
  project: null,
  domain: null,
  isSystem: false,
  roles: [],
  methods: [],
  expiresAt: null,
}

const toNamed = (record: KeystoneName | null | undefined): Named | null =>
  record === null || record === undefined ? null : { id: record.id ?? null, name: record.name ?? null }

const toMember = (record: KeystoneUser | KeystoneScopeProject | null | undefined): DomainMember | null =>
  record === null || record === undefined
    ? null
    : { id: record.id ?? null, name: record.name ?? null, domain: toNamed(record.domain) }

export const toTokenInfo = (token: KeystoneToken): TokenInfo => ({
  user: toMember(token.user),
  project: toMember(token.project),
  domain: toNamed(token.domain),
  isSystem: token.system !== undefined && token.system !== null,
  roles: (token.roles ?? []).flatMap(({ id, name }) => name ?? id ?? []),
  methods: token.methods ?? [],
  expiresAt: toInstant(token.expires_at) ?? null,
})
