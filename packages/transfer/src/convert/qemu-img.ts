import { configInvalid, type ImageResult, type ErrorSite } from '@imago/core'
import * as E from 'fp-ts/lib/Either.js'
import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { execute } from './execute.ts'

/** An installed qemu-img. */
export interface QemuImg {
  /** Absolute path. */
  readonly path: string
  /** A version such as `7.2.22`. */
  readonly version: string
}

/**
 * The oldest version with security support in a distribution (Ubuntu 22.04). Distributions fix vulnerabilities without changing the version, so it does not show which fixes are
 * included. The most relevant one, CVE-2024-4467 (a qcow2 whose data file is a `json:` name), does not matter here: no image with a data file passes the inspection.
 */
export const MINIMUM_VERSION = '6.2'

const HINT =
  'Install qemu-img (Debian, Ubuntu: qemu-utils; Fedora: qemu-img; Homebrew: qemu), or choose a format that needs no conversion'

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  )

/** The first program of that name in a search path. Relative folders are skipped, since others may write to the working directory. */
export const findProgram = async (name: string, searchPath: string): Promise<string | null> => {
  for (const folder of searchPath.split(delimiter)) {
    if (isAbsolute(folder) && (await isProgram(join(folder, name)))) return join(folder, name)
  }
  return null
}

const parseNumbers = (version: string): readonly number[] => version.split('.').map(Number)

const isLess = (version: string, than: string): boolean => {
  const [these, those] = [parseNumbers(version), parseNumbers(than)]
  for (let index = 0; index < those.length; index += 1) {
    const difference = (these[index] ?? 0) - (those[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** The version in the output of `qemu-img --version`: `qemu-img version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)`. */
export const parseVersion = (printed: string): string | null =>
  /^qemu-img version (\d+(?:\.\d+){1,3})/m.exec(printed)?.[1] ?? null

/** Finds qemu-img in a search path such as `PATH`, and checks its version. `ConfigInvalid`: not found, or too old. */
export const findQemuImg =
  (searchPath: string, site: ErrorSite): ImageResult<QemuImg> =>
  async () => {
    const path = await findProgram('qemu-img', searchPath)
    if (path === null)
      return E.left(
        configInvalid(site, { what: 'this format must be converted, and qemu-img is not installed', hint: HINT }),
      )
    const ended = await execute(path, ['--version'], { timeoutMs: 10_000 })
    const version = parseVersion(ended.output)
    if (version === null) return E.left(configInvalid(site, { what: `the version of ${path} is unknown`, hint: HINT }))
    return isLess(version, MINIMUM_VERSION)
      ? E.left(
          configInvalid(site, {
            what: `${path} is version ${version}, and at least ${MINIMUM_VERSION} is required`,
            hint: HINT,
          }),
        )
      : E.right({ path, version })
  }
