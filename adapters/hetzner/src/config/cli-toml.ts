import { toIssues } from '@imago/codec'
import type { ErrorDetails } from '@imago/core/provider'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { parse, TomlError } from 'smol-toml'

/** A context, as `hcloud context create` writes it (`hetznercloud/cli:internal/state/config/context.go`). */
export const CliContext = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({
      token: t.string,
      /** A command that prints the token. */
      token_command: t.string,
      preferences: t.UnknownRecord,
    }),
  ],
  'CliContext',
)
export type CliContext = t.TypeOf<typeof CliContext>

/** hcloud's configuration file (`hetznercloud/cli:internal/state/config/config.go`, `Schema`). */
export const CliToml = t.partial(
  {
    active_context: t.string,
    preferences: t.UnknownRecord,
    /** Each is decoded by itself: a broken one costs the others nothing. */
    contexts: t.UnknownArray,
  },
  'CliToml',
)
export type CliToml = t.TypeOf<typeof CliToml>

/** `contexts` as they stand there, or what is wrong with the file: by place, never by content. */
export const readCliToml = (text: string): E.Either<ErrorDetails, CliToml> => {
  let document: unknown
  try {
    document = parse(text, { integersAsBigInt: true })
  } catch (error) {
    const place = error instanceof TomlError ? `: line ${error.line}, column ${error.column}` : ''
    return E.left({ what: `it is not TOML${place}`, hint: 'Correct it there' })
  }
  const decoded = CliToml.decode(document)
  if (E.isRight(decoded)) return decoded
  const [issue] = toIssues(decoded.left)
  return E.left({
    what: `it is not as hcloud writes it: ${issue?.pointer ?? ''} should be ${issue?.expected ?? 'otherwise'}`,
    hint: 'Correct it there',
  })
}
