import type { ErrorDetails } from '@imago/core/provider'
import type { ConfigFile } from './config-file.ts'

/**
 * Whether two files may be combined into one cloud. A file from the working directory may be malicious: its `auth_url` could receive the password of the user's own file.
 * Files of the same directory can be combined safely.
 */
export const mayCombine = (one: ConfigFile, other: ConfigFile, trustDirectory: boolean): boolean =>
  trustDirectory || one.directory === other.directory || (!one.isFromDirectory && !other.isFromDirectory)

export const notCombined = (one: ConfigFile, other: ConfigFile): ErrorDetails => {
  const [found, own] = one.isFromDirectory ? [one, other] : [other, one]
  return {
    what: `combines ${found.shown} of the working directory with ${own.shown}: the author of the first could steal the secrets of the second`,
    hint: 'If you trust this directory, use --trust-directory, or name its clouds.yaml in OS_CLIENT_CONFIG_FILE',
  }
}
