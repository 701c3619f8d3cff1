import type { Ids } from '../ids.ts'
import { inKeystone } from '../instants.ts'
import type { Identity } from './authenticate.ts'
import type { User } from './directory.ts'
import { moreMethodsNeeded, unauthorized } from './refusal.ts'

interface Receipt {
  readonly userId: string
  readonly methods: readonly string[]
  readonly expiresAt: number
}

export interface Receipts {
  /** Adds the methods of an earlier, incomplete login. Refuses with a new receipt while a method is missing. */
  readonly complete: (identity: Identity, receipt: string | undefined) => Identity
}

export interface ReceiptOptions {
  readonly now: () => number
  readonly ids: Ids
  readonly lifetimeMs: number
}

const isComplete = (user: User, methods: readonly string[]): boolean =>
  user.required.length === 0 || user.required.some((rule) => rule.every((method) => methods.includes(method)))

/** https://docs.openstack.org/keystone/latest/admin/multi-factor-authentication.html */
export const createReceipts = ({ now, ids, lifetimeMs }: ReceiptOptions): Receipts => {
  const receipts = new Map<string, Receipt>()
  const earlier = (user: User, id: string | undefined): readonly string[] => {
    if (id === undefined) return []
    const receipt = receipts.get(id)
    if (receipt === undefined || receipt.userId !== user.id || receipt.expiresAt <= now()) throw unauthorized()
    return receipt.methods
  }
  return {
    complete: (identity, receipt) => {
      const { user } = identity
      const methods = [...new Set([...earlier(user, receipt), ...identity.methods])]
      // A token proves a complete login; an application credential needs no second factor.
      if (identity.token !== null || identity.applicationCredential !== null || isComplete(user, methods))
        return { ...identity, methods }
      const id = ids.token()
      const issuedAt = now()
      const expiresAt = issuedAt + lifetimeMs
      receipts.set(id, { userId: user.id, methods, expiresAt })
      throw moreMethodsNeeded(id, {
        receipt: {
          methods,
          user: { domain: user.domain, id: user.id, name: user.name },
          expires_at: inKeystone(expiresAt),
          issued_at: inKeystone(issuedAt),
        },
        required_auth_methods: user.required,
      })
    },
  }
}
