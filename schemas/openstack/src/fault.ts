import { nullable } from '@imago/codec'
import * as t from 'io-ts'

/** `403 Forbidden` in Glance, `403` in Keystone. */
const code = t.union([t.string, t.number, t.null], 'string, number or null')

/**
 * Error body of Glance for requests with exactly `Accept: application/json`; otherwise errors are HTML or plain text.
 * The message may contain `<br />`. Source: Pylons/webob, src/webob/exc.py, WSGIHTTPException.json_formatter.
 */
export const GlanceFault = t.intersection(
  [t.type({ message: t.string }), t.partial({ code, title: nullable(t.string) })],
  'GlanceFault',
)
export type GlanceFault = t.TypeOf<typeof GlanceFault>

/** Details of a Keystone error. Source: opendev.org/openstack/keystone, keystone/exception.py and keystone/server/flask/application.py. */
export const KeystoneError = t.intersection(
  [t.type({ message: t.string }), t.partial({ code, title: nullable(t.string) })],
  'KeystoneError',
)
export type KeystoneError = t.TypeOf<typeof KeystoneError>

/** Error body of Keystone and of keystonemiddleware, which runs in front of Glance. */
export const KeystoneFault = t.type({ error: KeystoneError }, 'KeystoneFault')
export type KeystoneFault = t.TypeOf<typeof KeystoneFault>

/** Top-level keys of Nova's error bodies. Source: opendev.org/openstack/nova, nova/api/openstack/wsgi.py, Fault. */
export const NOVA_FAULTS: ReadonlySet<string> = new Set([
  'badRequest',
  'unauthorized',
  'forbidden',
  'itemNotFound',
  'badMethod',
  'conflictingRequest',
  'overLimit',
  'badMediaType',
  'notImplemented',
  'serviceUnavailable',
  'computeFault',
])

/** Details of a Nova error, under one of those keys: `{ itemNotFound: { code: 404, message } }`. Source: opendev.org/openstack/nova, nova/api/openstack/wsgi.py, Fault. */
export const NovaError = t.intersection(
  [t.type({ message: t.string }), t.partial({ code, title: nullable(t.string) })],
  'NovaError',
)
export type NovaError = t.TypeOf<typeof NovaError>
