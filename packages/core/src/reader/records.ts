import { toPointerStep, type Pointer } from '@imago/codec'
import { isJsonObject, type JsonObject } from './dialect.ts'
import { visitStack } from './stack-records.ts'

/** A record that may be an image's, and where it stands in its document. */
export interface FoundRecord {
  readonly record: unknown
  readonly pointer: Pointer
}

/**
 * The envelope keys whose value is a list of records: `{images, meta}`, `{servers, meta}`, and what Ansible's modules return
 * (`hetzner.hcloud.image_info`; before it was called so, `hcloud_image_facts`). Streams hand out their elements one by one.
 */
export const LIST_KEYS: ReadonlySet<string> = new Set([
  'images',
  'servers',
  'hcloud_image_info',
  'hcloud_image_facts',
  'openstack_images',
])

/** Is handed each record with the pointer of its parent and its key there: a pointer is worth building only for a record that has something to tell. */
export type RecordVisitor = (record: unknown, parent: Pointer, key: string | number | null) => void

/** Keys of envelopes that an image may stand in. */
const isEnvelope = (document: JsonObject): boolean =>
  typeof document['images'] === 'object' ||
  typeof document['image'] === 'object' ||
  typeof document['server'] === 'object' ||
  typeof document['servers'] === 'object'

const isRecord = (document: JsonObject): boolean => document['id'] !== undefined || document['ID'] !== undefined

/** A record with an id of its own, and nothing in it that could be another one. */
const isBare = (document: JsonObject): boolean => isRecord(document) && !isEnvelope(document)

/** Envelopes inside envelopes beyond this are nobody's, and handed out as they are: a document may be nested deeper than the stack goes. */
const DEEPEST = 16

type Inner = (name: string) => void

/** The older name of `openstack.cloud.image_info`'s result holds one image, or a list. */
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

/** What Ansible registers of a task: `changed`, and what the module returned; of a loop, `results`. What it skipped has none. */
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

/** A snapshot just begun: its action belongs to the record. */
const isWithAction = (document: JsonObject): boolean =>
  isJsonObject(document['image']) && isJsonObject(document['action']) && !isRecord(document)

/** Visits what is in the envelope; `false`: it is none. */
const visitEnvelope = (document: JsonObject, inner: Inner): boolean => {
  const own = (name: string): unknown => (Object.hasOwn(document, name) ? document[name] : undefined)
  const lists = Object.keys(document).filter((name) => LIST_KEYS.has(name) && Array.isArray(document[name]))
  if (lists.length > 0) {
    lists.forEach(inner)
    return true
  }
  // A record of its own may have a field called like an envelope: Nova's images have a `server`.
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

/** As `findRecords`, without an allocation for each record. */
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
 * The records of a saved document, through the envelopes of both providers and of what people keep their images in: a bare record or a list of them,
 * `{images, …}`, `{image, …}`, `{server: {image}}` and `{servers: [{image}]}`, what Ansible registers, Terraform's and Pulumi's states and outputs;
 * also nested (a list of pages). A server whose image is gone (`null`) holds no record. `{image, action}` is one record: the action belongs to it.
 * Where a document has both `images` and `servers`, the images of both come, in its order: one that stands there twice comes twice.
 */
export const findRecords = (document: unknown): readonly FoundRecord[] => {
  const found: FoundRecord[] = []
  visitRecords(document, '', null, (record, parent, key) =>
    found.push({ record, pointer: key === null ? parent : parent + toPointerStep(key) }),
  )
  return found
}
