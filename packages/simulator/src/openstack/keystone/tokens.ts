import type { Ids } from '../ids.ts'
import type { ApplicationCredential, Domain, Project, RoleName, Trust, User } from './directory.ts'

export type Scope =
  | { readonly kind: 'unscoped' }
  | { readonly kind: 'project'; readonly project: Project }
  | { readonly kind: 'domain'; readonly domain: Domain }
  | { readonly kind: 'system' }
  | { readonly kind: 'trust'; readonly trust: Trust; readonly project: Project }

export interface Token {
  readonly id: string
  readonly methods: readonly string[]
  readonly user: User
  readonly scope: Scope
  readonly roles: readonly RoleName[]
  readonly auditIds: readonly string[]
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly applicationCredential: ApplicationCredential | null
}

export type NewToken = Pick<Token, 'methods' | 'user' | 'scope' | 'roles' | 'applicationCredential'> & {
  /** The token that was exchanged for this one: expiry and audit ID are inherited, as in Keystone. */
  readonly parent: Token | null
}

export interface Tokens {
  readonly issue: (token: NewToken) => Token
  /** Null: never issued, expired, or revoked. */
  readonly find: (id: string | undefined) => Token | null
  readonly revoke: (id: string) => void
  /** Revokes all tokens issued so far. */
  readonly revokeAll: () => void
}

export interface TokenOptions {
  readonly now: () => number
  readonly ids: Ids
  /** Milliseconds; one hour in Keystone. */
  readonly lifetimeMs: number
}

export const createTokens = ({ now, ids, lifetimeMs }: TokenOptions): Tokens => {
  const tokens = new Map<string, Token>()
  return {
    issue: ({ parent, ...token }) => {
      const issuedAt = now()
      const audit = ids.auditId()
      const issued: Token = {
        ...token,
        id: ids.token(),
        auditIds: parent === null ? [audit] : [audit, parent.auditIds.at(-1) ?? audit],
        issuedAt,
        expiresAt: parent?.expiresAt ?? issuedAt + lifetimeMs,
      }
      tokens.set(issued.id, issued)
      return issued
    },
    find: (id) => {
      const token = id === undefined ? undefined : tokens.get(id)
      return token === undefined || token.expiresAt <= now() ? null : token
    },
    revoke: (id) => {
      tokens.delete(id)
    },
    revokeAll: () => tokens.clear(),
  }
}

/** Returns the project of a token; null if it is unscoped. */
export const getProject = (token: Token): Project | null =>
  token.scope.kind === 'project' || token.scope.kind === 'trust' ? token.scope.project : null
