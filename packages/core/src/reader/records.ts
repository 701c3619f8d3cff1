import { toPointerStep, type Pointer } from '@imago/codec'
import { isJsonObject, type JsonObject } from './dialect.ts'
import { visitStack } from './stack-records.ts'

/** A possible image record, and its location in the document. */
export interface FoundRecord {
  readonly record: unknown
  readonly pointer: Pointer
}

/**
 * Envelope keys with a list of records: `{images, meta}`, `{servers, meta}`, and the results of Ansible's modules
 * (`hetzner.hcloud.image_info`, formerly `hcloud_image_facts`). Streams return their elements one by one.
 */
export const LIST_KEYS: ReadonlySet<string> = new Set([
  'images',
  'servers',
  'hcloud_image_info',
  'hcloud_image_facts',
  'openstack_images',
])

/** Called with each record, its parent's pointer, and its key. The pointer of the record is not built here because most visitors do not need it. */
export type RecordVisitor = (record: unknown, parent: Pointer, key: string | number | null) => void

/** Whether the document has a key of an envelope that may contain images. */
const isEnvelope = (document: JsonObject): boolean =>
  typeof document['images'] === 'object' ||
  typeof document['image'] === 'object' ||
  typeof document['server'] === 'object' ||
  typeof document['servers'] === 'object'

const isRecord = (document: JsonObject): boolean => document['id'] !== undefined || document['ID'] !== undefined

/** Whether the document is a record with an ID, and contains no other record. */
const isBare = (document: JsonObject): boolean => isRecord(document) && !isEnvelope(document)

/** Deeper envelopes are passed to the visitor unchanged: a document may be nested deeper than the stack allows. */
const DEEPEST = 16

type Inner = (name: string) => void

/** `openstack_image` is the former name of the result of `openstack.cloud.image_info`: one image, or a list. */
const ANSIBLE_KEYS = [
  'hcloud_image_info',
  'hcloud_image_facts',
  'openstack_image',
  'openstack_images',
  'image',
  'images',
  'ansible_facts',
  'results',
] as const

/** Visits a registered Ansible result: `changed` and the module's values, or `results` of a loop. A skipped task has neither. */
const visitAnsible = (document: JsonObject, inner: Inner): boolean => {
  if (document['skipped'] === true) return true
  const keys = ANSIBLE_KEYS.filter(
    (key) => Object.hasOwn(document, key) && typeof document[key] === 'object' && document[key] !== null,
  )
  for (const key of keys) inner(key)
  return keys.length > 0
}

const isAnsible = (document: JsonObject): boolean =>
  typeof document['changed'] === 'boolean' ||
  Array.isArray(document['hcloud_image_info']) ||
  Array.isArray(document['hcloud_image_facts']) ||
  document['openstack_image'] !== undefined ||
  document['openstack_images'] !== undefined

/** Whether this is the response to creating a snapshot, whose action belongs to the record. */
const isWithAction = (document: JsonObject): boolean =>
  isJsonObject(document['image']) && isJsonObject(document['action']) && !isRecord(document)

/** Visits the contents of an envelope. Returns whether `document` is one. */
const visitEnvelope = (document: JsonObject, inner: Inner): boolean => {
  const own = (name: string): unknown => (Object.hasOwn(document, name) ? document[name] : undefined)
  const lists = Object.keys(document).filter((name) => LIST_KEYS.has(name) && Array.isArray(document[name]))
  if (lists.length > 0) {
    lists.forEach(inner)
    return true
  }
  // A record may have a field with the name of an envelope: Nova's images have a `server`.
  const isServer = Object.hasOwn(document, 'server_type')
  if (isJsonObject(own('image')) && (!Object.hasOwn(document, 'id') || isServer)) {
    inner('image')
    return true
  }
  if (isJsonObject(own('server')) && !Object.hasOwn(document, 'id')) {
    inner('server')
    return true
  }
  return own('image') === null && isServer
}

/** Like `findRecords`, without an allocation per record. */
export const visitRecords = (
  document: unknown,
  parent: Pointer,
  key: string | number | null,
  visit: RecordVisitor,
  depth = 0,
): void => {
  if (depth > DEEPEST) return visit(document, parent, key)
  const here = (): Pointer => (key === null ? parent : parent + toPointerStep(key))
  if (Array.isArray(document)) {
    const pointer = here()
    for (let index = 0; index < document.length; index++) {
      const element: unknown = document[index]
      if (isJsonObject(element) && isBare(element)) visit(element, pointer, index)
      else visitRecords(element, pointer, index, visit, depth + 1)
    }
    return
  }
  if (isJsonObject(document) && !isBare(document) && !isWithAction(document)) {
    const pointer = here()
    const inner = (name: string): void => visitRecords(document[name], pointer, name, visit, depth + 1)
    if (visitEnvelope(document, inner)) return
    if (!isRecord(document)) {
      if (isAnsible(document) && visitAnsible(document, inner)) return
      if (visitStack(document, pointer, (found, at, step) => visitRecords(found, at, step, visit, depth + 1))) return
    }
  }
  visit(document, parent, key)
}

/**
 * Finds the records of a saved document: a bare record, a list, or an envelope such as `{images, …}`, `{image, …}`, `{server: {image}}`, `{servers: [{image}]}`,
 * results of Ansible, and states and outputs of Terraform and Pulumi. Envelopes can be nested, as in a list of pages.
 * - A server without an image (`null`) has no record. `{image, action}` is one record.
 * - If a document has both `images` and `servers`, returns the records of both in their order, including duplicates.
 */
export const findRecords = (document: unknown): readonly FoundRecord[] => {
  const found: FoundRecord[] = []
  visitRecords(document, '', null, (record, parent, key) =>
    found.push({ record, pointer: key === null ? parent : parent + toPointerStep(key) }),
  )
  return found
}
