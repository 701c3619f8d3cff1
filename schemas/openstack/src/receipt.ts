import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { KeystoneUser } from './token.ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026), keystone/receipt/handlers.py, _render_receipt_response_from_model.

/** The auth methods that are already verified. */
export const KeystoneReceipt = t.partial(
  {
    methods: nullable(t.array(t.string)),
    user: nullable(KeystoneUser),
    expires_at: nullable(DateText),
    issued_at: nullable(DateText),
  },
  'KeystoneReceipt',
)
export type KeystoneReceipt = t.TypeOf<typeof KeystoneReceipt>

/**
 * Body of a 401 that requests further auth methods. Send another request with one of the missing sets and this response's
 * `Openstack-Auth-Receipt` header.
 */
export const KeystoneReceiptEnvelope = t.intersection(
  [
    t.type({
      /** Alternative sets of methods, each of which is sufficient: `[['password', 'totp']]`. */
      required_auth_methods: t.array(t.array(t.string)),
    }),
    t.partial({ receipt: nullable(KeystoneReceipt) }),
  ],
  'KeystoneReceiptEnvelope',
)
export type KeystoneReceiptEnvelope = t.TypeOf<typeof KeystoneReceiptEnvelope>
