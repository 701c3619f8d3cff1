import { configInvalid, createErrorSite, type ConfigInvalid } from '@imago/core'
import type { TlsOptions } from '@imago/http'
import { displayPath, toIdentity, type Environment, type ProviderCloud } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'

const VERIFIED: TlsOptions = { verify: true }

/** Reads the files that the TLS settings of a cloud name. A certificate without a key file also holds the key, as in Python's requests. */
export const readTls = (cloud: ProviderCloud, environment: Environment): E.Either<ConfigInvalid, TlsOptions> => {
  if (cloud.tls === null) return E.right(VERIFIED)
  const { verify, caFile, certFile, keyFile } = cloud.tls
  const contents: { ca?: string; cert?: string; key?: string } = {}
  const files = [
    ['ca', 'CA certificates', caFile] as const,
    ['cert', 'client certificate', certFile] as const,
    ['key', 'client key', keyFile ?? certFile] as const,
  ]
  for (const [part, what, path] of files) {
    if (path === null) continue
    const reading = environment.readFile(path)
    if (reading._tag !== 'text') {
      const why = reading._tag === 'missing' ? 'no such file' : reading.reason
      const named = cloud.origin.flatMap((one) => ('file' in one ? [displayPath(environment, one.file)] : []))
      return E.left(
        configInvalid(createErrorSite(toIdentity(cloud), 'configuration'), {
          what: `cannot read ${path} (${what} of this cloud): ${why}`,
          hint: `Correct the path in ${named.length === 0 ? 'the environment' : named.join(' or ')}`,
        }),
      )
    }
    contents[part] = reading.text
  }
  return E.right({ verify, ...contents })
}
