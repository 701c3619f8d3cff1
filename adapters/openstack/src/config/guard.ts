import type { ErrorDetails } from '@imago/core/provider'
import type { ConfigFile } from './config-file.ts'

/**
 * Whether two files may make one cloud together. A file that merely lies in the working directory may be anybody's: with an `auth_url` of theirs,
 * it would have the password of the user's own file sent to them. With files of one directory there is nothing to fear that is not there anyway.
 */
export const mayCombine = (one: ConfigFile, other: ConfigFile, trustDirectory: boolean): boolean =>
  trustDirectory || one.directory === other.directory || (!one.isFromDirectory && !other.isFromDirectory)

/** Why two files were not combined, and what to do. */
export const notCombined = (one: ConfigFile, other: ConfigFile): ErrorDetails => {
  const [found, own] = one.isFromDirectory ? [one, other] : [other, one]
  return {
    what: `it is put together from ${found.shown}, which lies in the working directory, and ${own.shown}; whoever wrote the first could have the secrets of the second sent to any host`,
    hint: 'If you trust this directory, use --trust-directory, or name its clouds.yaml in OS_CLIENT_CONFIG_FILE',
  }
}
