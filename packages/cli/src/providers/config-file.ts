import { ImageException, createErrorSite, toSafeText, type ConfigInvalid } from '@imago/core'
import { configurationError, displayPath, getPathModule, type Environment } from '@imago/provider-kit'
import { findDirectory, openOwn, currentUser } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { parseDocument } from 'yaml'
import { configPath } from './config-path.ts'

/** The settings of imago's configuration file. */
export interface UserConfig {
  /** Package names, or absolute paths of modules. */
  readonly providers: readonly string[]
}

const SITE = createErrorSite({ provider: 'imago', cloud: null }, 'configuration')

/** The maximum size of a configuration file. */
const MAX_BYTES = 64 * 1024

const read = async (path: string, folderPath: string): Promise<E.Either<ConfigInvalid, string>> => {
  const user = currentUser()
  const refuse = (what: string, hint: string | null): E.Either<ConfigInvalid, never> =>
    E.left(configurationError('imago', null, { what, ...(hint === null ? {} : { hint }) }))
  // The file names code that runs as the user, so no one else may be able to change it.
  const folder = await findDirectory(folderPath, { site: SITE, user, what: 'configuration' })
  if (E.isLeft(folder)) return refuse(folder.left.what, folder.left.hint)
  try {
    const file = await openOwn(path, 'read', SITE, user)
    try {
      const { size } = await file.stat()
      if (size > MAX_BYTES) return refuse(`${path} is larger than ${MAX_BYTES} bytes`, null)
      return E.right(await file.readFile('utf8'))
    } finally {
      await file.close()
    }
  } catch (thrown) {
    if (thrown instanceof ImageException) return refuse(thrown.error.what, thrown.error.hint)
    return refuse(
      `cannot read ${path}: ${(thrown as NodeJS.ErrnoException).code ?? 'unknown error'}`,
      'Make the file readable to you',
    )
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** Reads the user's configuration. The file and its directory must belong to the user, and not be writable for others. */
export const readUserConfig = async (environment: Environment): Promise<E.Either<ConfigInvalid, UserConfig>> => {
  const path = configPath(environment)
  const shown = displayPath(environment, path)
  const invalid = (what: string): E.Either<ConfigInvalid, never> =>
    E.left(
      configurationError('imago', null, {
        what: `${shown}: ${what}`,
        hint: 'Write it as providers: [package or absolute path]',
      }),
    )
  const text = await read(path, getPathModule(environment).dirname(path))
  if (E.isLeft(text)) return text
  try {
    const document = parseDocument(text.right, { prettyErrors: false, logLevel: 'error' })
    const [error] = document.errors
    if (error !== undefined) return invalid(`invalid YAML: ${toSafeText(error.message)}`)
    const content: unknown = document.toJS({ maxAliasCount: 0 })
    if (content === null) return E.right({ providers: [] })
    if (typeof content !== 'object' || Array.isArray(content)) return invalid('it is not a mapping')
    const unknownKey = Object.keys(content).find((key) => key !== 'providers')
    if (unknownKey !== undefined)
      return invalid(`unknown setting ${JSON.stringify(toSafeText(unknownKey))} (one of: providers)`)
    const { providers = [] } = content as { readonly providers?: unknown }
    return Array.isArray(providers) && providers.every(isText)
      ? E.right({ providers })
      : invalid('providers is not a list of strings')
  } catch (thrown) {
    // The parser throws on aliases.
    return invalid(toSafeText((thrown as Error).message))
  }
}
