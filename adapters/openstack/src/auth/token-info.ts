import { toInstant } from '@imago/codec'
import type { KeystoneToken, KeystoneName, KeystoneScopeProject, KeystoneUser } from '@imago/schema-openstack'

/** A thing of Keystone's. What it does not say is `null`. */
export interface Named {
  readonly id: string | null
  readonly name: string | null
}

/** A user or a project. */
export interface DomainMember extends Named {
  readonly domain: Named | null
}

/** Who one is at a cloud, and what one may do there: all of it may be shown. */
export interface TokenInfo {
  /** `null`: nobody. There was no login. */
  readonly user: DomainMember | null
  /** What the token is good for: at most one of project, domain and system; none of an unscoped token. */
  readonly project: DomainMember | null
  readonly domain: Named | null
  readonly isSystem: boolean
  /** Names, or ids of those without. */
  readonly roles: readonly string[]
  /** How it was got: `password`, `application_credential` … */
  readonly methods: readonly string[]
  /** RFC 3339, by the clock of Keystone. `null`: never. */
  readonly expiresAt: string | null
}

/** Without login. */
export const NOBODY: TokenInfo = {
  user: null,
  project: null,
  domain: null,
  isSystem: false,
  roles: [],
  methods: [],
  expiresAt: null,
}

const named = (said: KeystoneName | null | undefined): Named | null =>
  said === null || said === undefined ? null : { id: said.id ?? null, name: said.name ?? null }

const member = (said: KeystoneUser | KeystoneScopeProject | null | undefined): DomainMember | null =>
  said === null || said === undefined
    ? null
    : { id: said.id ?? null, name: said.name ?? null, domain: named(said.domain) }

/** What a token says of itself, in plain words. */
export const toTokenInfo = (token: KeystoneToken): TokenInfo => ({
  user: member(token.user),
  project: member(token.project),
  domain: named(token.domain),
  isSystem: token.system !== undefined && token.system !== null,
  roles: (token.roles ?? []).flatMap(({ id, name }) => name ?? id ?? []),
  methods: token.methods ?? [],
  expiresAt: toInstant(token.expires_at) ?? null,
})
