import { isJsonObject, type Dialect, type JsonObject, type Sureness } from './dialect.ts'

/** A shape that looks like an image's and is none that imago reads: said by name, never guessed at. */
export interface ForeignShape {
  readonly recognize: (record: JsonObject) => boolean
  /** What it is, and where the images are to be had instead. */
  readonly because: string
}

/** What a record was recognized as, and how surely; or why it was not. */
export type Recognition =
  | ({ readonly known: true; readonly provider: string; readonly dialect: Dialect } & Sureness)
  /** `foreign`: it is known to be something else. */
  | { readonly known: false; readonly foreign: boolean; readonly because: string }

const FOREIGN: readonly ForeignShape[] = [
  {
    recognize: (record) => 'RepoTags' in record || 'RepoDigests' in record || 'mediaType' in record || ('schemaVersion' in record && ('layers' in record || 'manifests' in record)),
    because: 'it is a container image (OCI or Docker), no machine image',
  },
  { recognize: (record) => typeof record['ImageId'] === 'string', because: 'it is an Amazon EC2 image; imago has no adapter for EC2' },
]

/** A recognition that says what a record is. */
export type Claim = Extract<Recognition, { readonly known: true }>

/** Recognizes records of one provider: the surest of its dialects, a client's before the API's own, which the others resemble. */
export interface Recognizer {
  /** What the record is, or `null`: runs for every record of a dump, and allocates nothing. */
  readonly claim: (record: unknown) => Claim | null
  /** What the record is, or why it is not this provider's. */
  readonly recognize: (record: unknown) => Recognition
}

const NO_OBJECT: Recognition = { known: false, foreign: false, because: 'it is no JSON object' }
const NO_MARK: Recognition = { known: false, foreign: false, because: 'it has no mark of an image record' }

export const recognizerOf = (provider: string, [api, ...clients]: readonly [Dialect, ...Dialect[]], foreign: readonly ForeignShape[]): Recognizer => {
  const ordered = [...clients, api]
  const shapes = [...foreign, ...FOREIGN]
  // Claims are few and have no state, so each is made once.
  const made = new Map<Dialect, Map<Sureness, Claim>>()
  const make = (dialect: Dialect, sureness: Sureness): Claim => {
    const ofDialect = made.get(dialect) ?? new Map<Sureness, Claim>()
    const claim = ofDialect.get(sureness) ?? { known: true, provider, dialect, ...sureness }
    made.set(dialect, ofDialect.set(sureness, claim))
    return claim
  }
  const claim = (record: unknown): Claim | null => {
    if (!isJsonObject(record)) return null
    let likely: Claim | null = null
    for (const dialect of ordered) {
      const sureness = dialect.recognize(record)
      if (sureness === null) continue
      if (sureness.certainty === 'certain') return make(dialect, sureness)
      likely ??= make(dialect, sureness)
    }
    return likely
  }
  const refuse = (record: unknown): Recognition => {
    if (!isJsonObject(record)) return NO_OBJECT
    const shape = shapes.find((candidate) => candidate.recognize(record))
    return shape === undefined ? NO_MARK : { known: false, foreign: true, because: shape.because }
  }
  return { claim, recognize: (record) => claim(record) ?? refuse(record) }
}
