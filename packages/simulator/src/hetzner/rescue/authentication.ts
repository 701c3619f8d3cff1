import { timingSafeEqual } from 'node:crypto'
import type { AuthContext, ParsedKey } from 'ssh2'

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

/** Accepts only root with one of the keys. */
export const authenticate = (context: AuthContext, keys: readonly ParsedKey[]): void => {
  if (context.method !== 'publickey' || context.username !== 'root') return context.reject(['publickey'])
  const { data } = context.key
  const key = keys.find((one) => isSame(one.getPublicSSH(), data))
  if (key === undefined) return context.reject(['publickey'])
  // Without a signature, the client asks whether the key would be accepted.
  if (context.signature === undefined || context.blob === undefined) return context.accept()
  // `verify` returns an Error for a signature of another type.
  const verdict: unknown = key.verify(context.blob, context.signature, context.hashAlgo)
  return verdict === true ? context.accept() : context.reject(['publickey'])
}
