import { toDecoder, Notes } from '@imago/codec'
import { parseJsonBody, type TextResponse } from '@imago/http'
import { KeystoneReceiptEnvelope } from '@imago/schema-openstack'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { AuthMethod } from '../options.ts'
import { RECEIPT_HEADER } from './login-request.ts'

/** Keystone's response to a login that verified only some of the required methods. */
export interface Receipt {
  readonly receipt: string
  /** Alternative sets of methods; each of them completes the login. */
  readonly missing: readonly (readonly string[])[]
}

const decode = toDecoder(KeystoneReceiptEnvelope)

/** Reads the receipt of a response, or `null` (keystone: api-ref/source/v3/authenticate-v3.inc, "Multi-Factor Authentication"). */
export const readReceipt = (response: TextResponse): Receipt | null => {
  const receipt = response.headers.get(RECEIPT_HEADER) ?? ''
  const body = pipe(
    parseJsonBody(response),
    E.flatMap((json) => decode(json, new Notes())),
  )
  if (response.status !== 401 || receipt === '' || E.isLeft(body)) return null
  const proven = body.right.receipt?.methods ?? []
  return {
    receipt,
    missing: body.right.required_auth_methods
      .map((rule) => rule.filter((method) => !proven.includes(method)))
      .filter((rule) => rule.length > 0),
  }
}

/** Selects the configured methods that complete the login; `null` if none of the missing sets is configured in full. */
export const selectMissingMethods = (
  { missing }: Receipt,
  methods: readonly AuthMethod[],
): readonly AuthMethod[] | null => {
  const rule = missing.find((names) => names.every((name) => methods.some(({ method }) => method === name)))
  return rule === undefined ? null : methods.filter(({ method }) => rule.includes(method))
}
