import { pointerStep, type Pointer } from '@imago/codec'
import { isJsonObject, type JsonObject } from './dialect.ts'

/** A record that may be an image's, and where it stands in its document. */
export interface FoundRecord {
  readonly record: unknown
  readonly pointer: Pointer
}

/** The envelope keys whose value is a list of records: `{images, meta}`, `{servers, meta}`. Streams hand out their elements one by one. */
export const LIST_KEYS: ReadonlySet<string> = new Set(['images', 'servers'])

/** Is handed each record with the pointer of its parent and its key there: a pointer is worth building only for a record that has something to tell. */
export type RecordVisitor = (record: unknown, parent: Pointer, key: string | number | null) => void

const isEnvelope = (document: JsonObject): boolean => typeof document['images'] === 'object' || typeof document['image'] === 'object' || typeof document['server'] === 'object' || typeof document['servers'] === 'object'

/** Envelopes inside envelopes beyond this are nobody's, and handed out as they are: a document may be nested deeper than the stack goes. */
const DEEPEST = 16

/** As `recordsOf`, without an allocation for each record. */
export const visitRecords = (document: unknown, parent: Pointer, key: string | number | null, visit: RecordVisitor, depth = 0): void => {
  if (depth > DEEPEST) return visit(document, parent, key)
  const here = (): Pointer => (key === null ? parent : parent + pointerStep(key))
  if (Array.isArray(document)) {
    const pointer = here()
    for (let index = 0; index < document.length; index++) {
      const element: unknown = document[index]
      if (isJsonObject(element) && !isEnvelope(element)) visit(element, pointer, index)
      else visitRecords(element, pointer, index, visit, depth + 1)
    }
    return
  }
  if (isJsonObject(document) && isEnvelope(document)) {
    const own = (name: string): unknown => (Object.hasOwn(document, name) ? document[name] : undefined)
    const inner = (name: string): void => visitRecords(own(name), here(), name, visit, depth + 1)
    const lists = Object.keys(document).filter((name) => LIST_KEYS.has(name) && Array.isArray(document[name]))
    if (lists.length > 0) return lists.forEach(inner)
    // A record of its own may have a field called like an envelope: Nova's images have a `server`.
    const isRecord = Object.hasOwn(document, 'id')
    const isServer = Object.hasOwn(document, 'server_type')
    if (isJsonObject(own('image')) && (!isRecord || isServer)) return inner('image')
    if (isJsonObject(own('server')) && !isRecord) return inner('server')
    if (own('image') === null && isServer) return
  }
  visit(document, parent, key)
}

/**
 * The records of a saved document, through the envelopes of both providers: a bare record or a list of them, `{images, …}`, `{image, …}`,
 * `{server: {image}}` and `{servers: [{image}]}`, also nested (a list of pages). A server whose image is gone (`null`) holds no record.
 * Where a document has both `images` and `servers`, the images of both come, in its order: one that stands there twice comes twice.
 */
export const recordsOf = (document: unknown): readonly FoundRecord[] => {
  const found: FoundRecord[] = []
  visitRecords(document, '', null, (record, parent, key) => found.push({ record, pointer: key === null ? parent : parent + pointerStep(key) }))
  return found
}
