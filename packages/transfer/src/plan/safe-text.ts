import { isAbsolute, normalize } from 'node:path'
import * as t from 'io-ts'

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/

const refined = (name: string, is: (text: string) => boolean): t.Type<string> => {
  const guard = (u: unknown): u is string => typeof u === 'string' && is(u)
  return new t.Type<string>(name, guard, (u, context) => (guard(u) ? t.success(u) : t.failure(u, context)), t.identity)
}

const LONGEST_PATH = 4096
const LONGEST_ID = 255

/** A path in a plan or journal. Node throws on NUL, and the meaning of `..` depends on symbolic links. */
export const FilePath: t.Type<string> = refined(
  'absolute path without . and .. and without NUL',
  (text) => text.length <= LONGEST_PATH && !text.includes('\0') && isAbsolute(text) && normalize(text) === text,
)

/** A provider's ID, which may become part of a URL path. Adapters check it further. */
export const ProviderId: t.Type<string> = refined(
  'id',
  (text) =>
    text !== '' &&
    text.length <= LONGEST_ID &&
    !CONTROL.test(text) &&
    !/[/\\?#]/.test(text) &&
    text !== '.' &&
    text !== '..',
)

/** Text that may become part of a header or URL. */
export const OneLine: t.Type<string> = refined('text without control characters', (text) => !CONTROL.test(text))
