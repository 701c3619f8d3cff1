import { configInvalid, type Answer, type ErrorSite } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { execute } from './execute.ts'

/** The program that converts. */
export interface QemuImg {
  /** Absolute. */
  readonly path: string
  /** As `7.2.22`. */
  readonly version: string
}

/**
 * The oldest that a distribution still mends (Ubuntu 22.04). Security fixes come as packages of the same version, so that its number cannot tell of them; the one that
 * matters most here, CVE-2024-4467 (a qcow2 whose data file is named by `json:`), does not depend on it: no data file passes the inspection.
 */
export const MINIMUM_VERSION = '6.2'

const HINT = 'Install qemu-img (Debian, Ubuntu: qemu-utils; Fedora: qemu-img; Homebrew: qemu), or choose a format that need not be converted'

const isProgram = (path: string): Promise<boolean> => access(path, constants.X_OK).then(() => true, () => false)

/** The first of that name in a search path. Relative folders are passed over: the working directory may be anybody's. */
export const findProgram = async (name: string, searchPath: string): Promise<string | null> => {
  for (const folder of searchPath.split(delimiter)) {
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return join(folder, name)
  }
  return null
}

const numbersOf = (version: string): readonly number[] => version.split('.').map(Number)

const isLess = (version: string, than: string): boolean => {
  const [these, those] = [numbersOf(version), numbersOf(than)]
  for (let index = 0; index < those.length; index += 1) {
    const difference = (these[index] ?? 0) - (those[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The version in what `qemu-img --version` prints: `qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`. */
export const parseVersion = (printed: string): string | null => /^qemu-img version (\d+(?:\.\d+){1,3})/m.exec(printed)?.[1] ?? null

/** Finds qemu-img in a search path, as `PATH` has it, and looks at its version. `ConfigInvalid` where there is none, or one that is too old. */
export const findQemuImg =
  (searchPath: string, site: ErrorSite): Answer<QemuImg> =>
  async () => {
    const path = await findProgram('qemu-img', searchPath)
    if (path === null) return E.left(configInvalid(site, { what: 'this format has to be converted, and there is no qemu-img on this machine', hint: HINT }))
    const ended = await execute(path, ['--version'], { timeoutMs: 10_000 })
    const version = parseVersion(ended.output)
    if (version === null) return E.left(configInvalid(site, { what: `${path} does not say which version it is`, hint: HINT }))
    return isLess(version, MINIMUM_VERSION) ? E.left(configInvalid(site, { what: `${path} is version ${version}; at least ${MINIMUM_VERSION} is needed`, hint: HINT })) : E.right({ path, version })
  }
