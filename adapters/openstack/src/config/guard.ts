import type { ErrorDetails, ParameterChange } from '@imago/core/provider'
import type { ConfigFile } from './config-file.ts'

/** The option that allows combining files of the working directory with others. */
export const TRUST_DIRECTORY: readonly ParameterChange[] = [{ parameter: 'trustDirectory', values: [] }]

/**
 * Whether two files may be combined into one cloud. A file from the working directory may be malicious: its `auth_url` could receive the password of the user's own file.
 * Files of the same directory can be combined safely.
 */
export const mayCombine = (one: ConfigFile, other: ConfigFile, trustDirectory: boolean): boolean =>
  trustDirectory || one.directory === other.directory || (!one.isFromDirectory && !other.isFromDirectory)

export const notCombined = (one: ConfigFile, other: ConfigFile): ErrorDetails => {
  const [found, own] = one.isFromDirectory ? [one, other] : [other, one]
  return {
    what: `${found.shown} of the working directory is not combined with ${own.shown}: its author could steal your secrets`,
    hint: 'Set OS_CLIENT_CONFIG_FILE to its clouds.yaml, or trust the directory',
    changes: TRUST_DIRECTORY,
  }
}
