import type { Surroundings } from '@imago/config'
import { configInvalid, siteOf, type ConfigInvalid } from '@imago/core'
import type { TlsOptions } from '@imago/http'
import * as E from 'fp-ts/lib/Either.js'
import { identityOf, type Target } from './target.ts'

const VERIFIED: TlsOptions = { verify: true }

/** The TLS settings of a target, with the contents of the files that they name. A certificate without a key file holds its key itself, as Python's requests takes it. */
export const readTls = (target: Target, { readFile }: Pick<Surroundings, 'readFile'>): E.Either<ConfigInvalid, TlsOptions> => {
  if (target.region === null) return E.right(VERIFIED)
  const { verify, caFile, certFile, keyFile } = target.region.tls
  const contents: { ca?: string; cert?: string; key?: string } = {}
  const files = [['ca', 'cacert', caFile] as const, ['cert', 'cert', certFile] as const, ['key', 'key', keyFile ?? certFile] as const]
  for (const [part, setting, path] of files) {
    if (path === null) continue
    const reading = readFile(path)
    if (reading._tag !== 'text') {
      const why = reading._tag === 'missing' ? 'there is no such file' : reading.reason
      return E.left(configInvalid(siteOf(identityOf(target), 'configuration'), { what: `cannot read ${path}, its ${setting}: ${why}`, hint: `Correct ${setting} in clouds.yaml` }))
    }
    contents[part] = reading.text
  }
  return E.right({ verify, ...contents })
}
