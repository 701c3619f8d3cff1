import { toPointerStep, type Pointer } from '@imago/codec'
import { isJsonObject, type JsonObject } from './dialect.ts'

/** Called with an object that is or contains image records, its parent's pointer, and its key. */
type Visit = (found: JsonObject, parent: Pointer, key: string | number) => void

const objectAt = (parent: JsonObject, key: string): JsonObject | null => {
  const value: unknown = Object.hasOwn(parent, key) ? parent[key] : null
  return isJsonObject(value) ? value : null
}

const listAt = (parent: JsonObject, key: string): readonly unknown[] => {
  const value: unknown = Object.hasOwn(parent, key) ? parent[key] : null
  return Array.isArray(value) ? (value as unknown[]) : []
}

/** Keys that only images have in a state, as providers of Terraform and Pulumi and the clients spell them. */
const IMAGE_KEYS = [
  'disk_format',
  'diskFormat',
  'container_format',
  'containerFormat',
  'os_flavor',
  'osFlavor',
  'rapid_deploy',
  'rapidDeploy',
  'is_protected',
  'Disk Format',
] as const

const looksLikeImage = (value: JsonObject): boolean => IMAGE_KEYS.some((key) => Object.hasOwn(value, key))

const holdsImages = (value: JsonObject): boolean =>
  [...listAt(value, 'images'), ...listAt(value, 'hcloud_image_info')].some(
    (one) => isJsonObject(one) && looksLikeImage(one),
  )

const SNAPSHOT_TYPES: ReadonlySet<unknown> = new Set(['hcloud_snapshot', 'hcloud:index/snapshot:Snapshot'])

/** Visits a resource if it is or contains an image. Most resources of a stack are something else. */
const visitResource = (
  values: JsonObject | null,
  type: unknown,
  parent: Pointer,
  key: string,
  visit: Visit,
): boolean => {
  if (values === null || !(looksLikeImage(values) || holdsImages(values) || SNAPSHOT_TYPES.has(type))) return false
  visit(values, parent, key)
  return true
}

const DEEPEST_MODULE = 64

/** `values` of `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format, "values representation". */
const visitModule = (module: JsonObject, pointer: Pointer, visit: Visit, depth = 0): boolean => {
  if (depth > DEEPEST_MODULE) return false
  let found = false
  for (const [index, resource] of listAt(module, 'resources').entries()) {
    if (isJsonObject(resource))
      found =
        visitResource(
          objectAt(resource, 'values'),
          resource['type'],
          `${pointer}/resources/${index}`,
          'values',
          visit,
        ) || found
  }
  for (const [index, child] of listAt(module, 'child_modules').entries()) {
    if (isJsonObject(child)) found = visitModule(child, `${pointer}/child_modules/${index}`, visit, depth + 1) || found
  }
  return found
}

/** Visits the output of `terraform show -json`. For a plan, only its `prior_state`: planned images do not exist yet. */
const visitShown = (document: JsonObject, pointer: Pointer, visit: Visit): boolean => {
  const state = objectAt(document, 'prior_state')
  const values = objectAt(state ?? document, 'values')
  const root = values === null ? null : objectAt(values, 'root_module')
  return (
    root !== null && visitModule(root, `${pointer}${state === null ? '' : '/prior_state'}/values/root_module`, visit)
  )
}

/** Terraform's state file, version 4 (since Terraform 0.12, 2019). */
const visitState = (document: JsonObject, pointer: Pointer, visit: Visit): boolean => {
  let found = false
  for (const [index, resource] of listAt(document, 'resources').entries()) {
    if (!isJsonObject(resource)) continue
    for (const [number, instance] of listAt(resource, 'instances').entries()) {
      if (isJsonObject(instance))
        found =
          visitResource(
            objectAt(instance, 'attributes'),
            resource['type'],
            `${pointer}/resources/${index}/instances/${number}`,
            'attributes',
            visit,
          ) || found
    }
  }
  return found
}

/** `pulumi stack export`. The state of a resource is in its `outputs`; the stack's outputs are those of its `pulumi:pulumi:Stack`. */
const visitDeployment = (deployment: JsonObject, pointer: Pointer, visit: Visit): boolean => {
  let found = false
  for (const [index, resource] of listAt(deployment, 'resources').entries()) {
    if (!isJsonObject(resource)) continue
    const outputs = objectAt(resource, 'outputs')
    const at = `${pointer}/resources/${index}`
    if (resource['type'] === 'pulumi:pulumi:Stack')
      found = (outputs !== null && visitNamed(outputs, `${at}/outputs`, visit)) || found
    else found = visitResource(outputs, resource['type'], at, 'outputs', visit) || found
  }
  return found
}

/** Keys of objects that are parts of images, not records. */
const PARTS: ReadonlySet<string> = new Set(['properties', 'metadata', 'labels', 'inputs', 'invocation', 'location'])
const DEEPEST_OUTPUT = 6

/** Visits outputs with user-defined names: `{NAME: {value, type, sensitive}}` of `terraform output -json`, `{NAME: …}` of `pulumi stack output --json`, or a printed Ansible variable. */
const visitNamed = (document: JsonObject, pointer: Pointer, visit: Visit, depth = 0): boolean => {
  let found = false
  const look = (value: unknown, parent: Pointer, key: string | number): void => {
    if (depth > DEEPEST_OUTPUT) return
    if (Array.isArray(value))
      for (const [index, element] of value.entries()) look(element, parent + toPointerStep(key), index)
    if (!isJsonObject(value)) return
    if (looksLikeImage(value) || holdsImages(value)) {
      visit(value, parent, key)
      found = true
    } else if (value['id'] === undefined)
      found = visitNamed(value, parent + toPointerStep(key), visit, depth + 1) || found
  }
  for (const [key, value] of Object.entries(document)) if (!PARTS.has(key)) look(value, pointer, key)
  return found
}

/** The kind of a stack's document: Terraform's state, plan or `show -json`, or Pulumi's export. `null`: none of these. */
export const stackTitle = (document: JsonObject): string | null => {
  if (isJsonObject(document['deployment']) && typeof document['version'] === 'number') return 'a Pulumi stack'
  if (
    typeof document['format_version'] === 'string' &&
    ('values' in document || 'planned_values' in document || 'resource_changes' in document)
  )
    return 'planned_values' in document ? 'a Terraform plan' : 'a Terraform state'
  return typeof document['terraform_version'] === 'string' ||
    (typeof document['lineage'] === 'string' && typeof document['serial'] === 'number')
    ? 'a Terraform state'
    : null
}

/** Visits the images of a stack's document or of a document of named values. Returns whether there are any. */
export const visitStack = (document: JsonObject, pointer: Pointer, visit: Visit): boolean => {
  if (looksLikeImage(document)) return false
  const deployment = objectAt(document, 'deployment')
  if (deployment !== null) return visitDeployment(deployment, `${pointer}/deployment`, visit)
  if (typeof document['format_version'] === 'string') return visitShown(document, pointer, visit)
  if (stackTitle(document) !== null) return visitState(document, pointer, visit)
  return visitNamed(document, pointer, visit)
}
