import { DateText, nullable } from '@imago/codec'
import * as t from 'io-ts'
import { KeystoneUser } from './token.ts'

// Sources: "keystone": opendev.org/openstack/keystone at 30ef2ffa6 (July 2026), keystone/receipt/handlers.py, _render_receipt_response_from_model.

/** What is already proven. */
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
 * The body of a 401 that is no refusal: the user needs further methods. Ask again with one of the missing ones, and with the header
 * `Openstack-Auth-Receipt` of this answer.
 */
export const KeystoneReceiptEnvelope = t.intersection(
  [
    t.type({
      /** Each element is a set of methods that together are enough: `[['password', 'totp']]`. */
      required_auth_methods: t.array(t.array(t.string)),
    }),
    t.partial({ receipt: nullable(KeystoneReceipt) }),
  ],
  'KeystoneReceiptEnvelope',
)
export type KeystoneReceiptEnvelope = t.TypeOf<typeof KeystoneReceiptEnvelope>
