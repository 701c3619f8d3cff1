import { formatIssue, toIssues } from '@imago/codec'
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
    /** Each is decoded by itself, so that the others remain usable. */
    contexts: t.array(t.unknown, 'list'),
  },
  'CliToml',
)
export type CliToml = t.TypeOf<typeof CliToml>

/** The `contexts` of a file, or the position of what is wrong with it. Never its content. */
export const readCliToml = (text: string): E.Either<ErrorDetails, CliToml> => {
  let document: unknown
  try {
    document = parse(text, { integersAsBigInt: true })
  } catch (error) {
    const place = error instanceof TomlError ? `: line ${error.line}, column ${error.column}` : ''
    return E.left({ what: `invalid TOML${place}`, hint: 'Correct the file' })
  }
  const decoded = CliToml.decode(document)
  if (E.isRight(decoded)) return decoded
  const [issue] = toIssues(decoded.left)
  return E.left({
    what: `not in the format of hcloud${issue === undefined ? '' : `: ${formatIssue(issue)}`}`,
    hint: 'Correct the file',
  })
}
