import { nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'
import { createImageReader, type ImageReader } from '../src/reader/reader.ts'
import { chooseFirst, identityField, readOnlyField, writableField, createRuleBuilders } from '../src/mapping/rule.ts'
import { type Dialect, type JsonObject } from '../src/reader/dialect.ts'
import { type ForeignShape } from '../src/reader/recognition.ts'
import { type ImageMapping } from '../src/mapping/mapping.ts'

/** The wire record of a fictitious provider. */
export const ToyImage = t.intersection(
  [
    t.type({ id: t.string }),
    t.partial({
      title: nullable(t.string),
      size: nullable(t.number),
      arch: nullable(openEnum('ToyArchitecture', ['a64', 'x64'])),
      made: nullable(t.string),
    }),
  ],
  'ToyImage',
)
export type ToyImage = t.TypeOf<typeof ToyImage>

const { declared, inferred, assumed } = createRuleBuilders<ToyImage>()

export const toyMapping: ImageMapping<ToyImage> = {
  'ref.id': identityField(declared(['id'], ({ id }) => id)),
  name: writableField(declared(['title'], ({ title }) => title)),
  architecture: readOnlyField(
    chooseFirst(
      declared(['arch'], ({ arch }) => (arch === 'none' ? null : arch), 'none is its word for no value'),
      inferred(
        ['made'],
        ({ made }) => (made === undefined || made === null ? undefined : made < '2020' ? 'x64' : undefined),
        'only x64 existed before 2020',
      ),
    ),
  ),
  'size.stored': readOnlyField(declared(['size'], ({ size }) => size)),
  kind: readOnlyField(assumed([], () => 'image', 'it has no other kind')),
}

const certainIf =
  (key: string): Dialect['recognize'] =>
  (record: JsonObject) =>
    key in record ? { certainty: 'certain', reason: `it has ${key}` } : null
const likelyIf =
  (key: string): Dialect['recognize'] =>
  (record: JsonObject) =>
    key in record ? { certainty: 'likely', reason: `it has ${key}` } : null

/** A client that renames `title` to `Title`, has the architecture in `details`, prints 0 for an absent size, and adds a `row`. */
export const toyClient: Dialect = {
  name: 'toy-client',
  title: 'toy list',
  recognize: certainIf('Title'),
  translation: {
    rename: new Map([
      ['ID', 'id'],
      ['Title', 'title'],
    ]),
    lift: new Set(['details']),
    respell: (key, value) => (key === 'size' && value === 0 ? undefined : value),
    own: new Set(['row']),
  },
}

export const toyApi: Dialect = { name: 'api', title: 'the API’s own', recognize: likelyIf('title') }

/** Creates a reader that recognizes records by the key `mark`. */
export const toyReader = (
  provider = 'toy',
  mark = 'title',
  certainty: 'certain' | 'likely' = 'likely',
  foreign: readonly ForeignShape[] = [],
): ImageReader =>
  createImageReader({
    provider,
    title: `Cloud ${provider}`,
    wire: ToyImage,
    mapping: toyMapping,
    dialects: [{ ...toyApi, recognize: certainty === 'certain' ? certainIf(mark) : likelyIf(mark) }, toyClient],
    foreign,
  })
