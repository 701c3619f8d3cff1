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

/** Recognizes records of one provider: the surest of its dialects, a client's before the API's own, which the others resemble. */
export const recognizerOf = (provider: string, [api, ...clients]: readonly [Dialect, ...Dialect[]], foreign: readonly ForeignShape[]): ((record: unknown) => Recognition) => {
  const ordered = [...clients, api]
  // Recognitions are few and have no state, so each is made once: this runs for every record.
  const made = new Map<Dialect, Map<Sureness, Recognition>>()
  const make = (dialect: Dialect, sureness: Sureness): Recognition => {
    const ofDialect = made.get(dialect) ?? new Map<Sureness, Recognition>()
    const recognition = ofDialect.get(sureness) ?? { known: true, provider, dialect, ...sureness }
    made.set(dialect, ofDialect.set(sureness, recognition))
    return recognition
  }
  return (record) => {
    if (!isJsonObject(record)) return { known: false, foreign: false, because: 'it is no JSON object' }
    let likely: Recognition | null = null
    for (const dialect of ordered) {
      const sureness = dialect.recognize(record)
      if (sureness === null) continue
      if (sureness.certainty === 'certain') return make(dialect, sureness)
      likely ??= make(dialect, sureness)
    }
    if (likely !== null) return likely
    const shape = [...foreign, ...FOREIGN].find((candidate) => candidate.recognize(record))
    return { known: false, foreign: shape !== undefined, because: shape?.because ?? 'it has no mark of an image record' }
  }
}
