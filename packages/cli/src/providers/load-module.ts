import { toSafeText } from '@imago/core'
import { isOwnedByUserOrRoot, mayOthersWrite, currentUser } from '@imago/transfer'
import * as E from 'fp-ts/lib/Either.js'
import { resolve } from 'import-meta-resolve'
import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The package of a module: `@me/cloud` of `@me/cloud/provider`. */
const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const PACKAGE = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*(?:\/[\w./-]+)?$/i

/** Finds the file of a module. Unlike Node, it looks up packages in `folder` only: not in its parents, nor in the working directory. */
const findModule = (specifier: string, folder: string): E.Either<string, string> => {
  if (isAbsolute(specifier)) return E.right(specifier)
  if (!PACKAGE.test(specifier)) return E.left('it is neither a package nor an absolute path')
  if (!existsSync(join(folder, 'node_modules', packageName(specifier), 'package.json')))
    return E.left(`there is no such package in ${join(folder, 'node_modules')}`)
  try {
    return E.right(fileURLToPath(resolve(specifier, pathToFileURL(join(folder, 'config.yaml')).href)))
  } catch (thrown) {
    return E.left(toSafeText((thrown as Error).message))
  }
}

const whyNotTrusted = async (path: string): Promise<string | null> => {
  const user = currentUser()
  const info = await stat(path).catch((thrown: NodeJS.ErrnoException) => thrown.code ?? 'unknown error')
  if (typeof info === 'string') return info === 'ENOENT' ? 'no such file' : `it cannot be read: ${info}`
  if (!info.isFile()) return 'it is not a file'
  if (!isOwnedByUserOrRoot(user, info)) return `it belongs to another user (uid ${info.uid})`
  return mayOthersWrite(user, info) ? `others may write to it (mode ${(info.mode & 0o7777).toString(8)})` : null
}

/** Loads a module and runs its code. Returns its export `provider`, or why the module could not be loaded. */
export const loadModule = async (specifier: string, folder: string): Promise<E.Either<string, unknown>> => {
  const path = findModule(specifier, folder)
  if (E.isLeft(path)) return path
  const why = await whyNotTrusted(path.right)
  if (why !== null) return E.left(why)
  try {
    const module = (await import(pathToFileURL(path.right).href)) as { readonly provider?: unknown }
    return E.right(module.provider)
  } catch (thrown) {
    return E.left(toSafeText(thrown instanceof Error ? thrown.message : String(thrown)))
  }
}
