// Generates the JSON Schema of an image: the fields of the field table in the frame schemas/image/image.frame.json.
import { describeField, kindOfCodec } from './field-table.mjs'

const ref = (part) => ({ $ref: `#/$defs/${part}` })

/** Schemas by codec name; under `null`, those that include `null`. */
const NAMED = {
  string: { type: 'string' },
  'string or null': ref('text'),
  'boolean or null': ref('flag'),
  'integer from 0 to 2^53-1 or null': ref('bytes'),
  instant: ref('instant'),
  'instant or null': ref('instantOrNull'),
  Digest: ref('digest'),
  Origin: ref('origin'),
}

const schemaOfCodec = (codec, path) => {
  const { nullable, value } = kindOfCodec(codec)
  if (value._tag === 'WordsType') return { enum: nullable ? [...value.words, null] : value.words }
  if (codec._tag === 'ReadonlyArrayType') return { type: 'array', items: schemaOfCodec(codec.type, path) }
  if (codec._tag === 'DictionaryType')
    return { type: 'object', additionalProperties: schemaOfCodec(codec.codomain, path) }
  if (NAMED[codec.name] === undefined)
    throw new Error(
      `fields.ts: no JSON Schema is known for the codec "${codec.name}" of ${path}. Add it to NAMED in tools/generate/image-schema.mjs.`,
    )
  return NAMED[codec.name]
}

const fieldSchema = (entry) => ({ description: describeField(entry), ...schemaOfCodec(entry.codec, entry.path) })
const fieldSchemas = (members) => Object.fromEntries(members.map((entry) => [entry.name, fieldSchema(entry)]))

const partSchema = (part) => {
  if (part.group === 'ref') return ref('ref')
  if (part.members === undefined) return fieldSchema(part)
  return {
    description: part.about,
    type: 'object',
    required: part.members.map(({ name }) => name),
    properties: fieldSchemas(part.members),
  }
}

const replaceEntry = (object, key, value) =>
  Object.fromEntries(Object.entries(object).map(([name, old]) => [name, name === key ? value : old]))

/**
 * `frame`: the schema without the fields: heading, definitions, the parts of `ref` that no mapping fills, `raw`, and properties that only printed
 * images have.
 */
export const imageSchema = ({ parts }, frame) => {
  const { $schema: urn, ...added } = frame.properties
  const properties = Object.fromEntries(parts.map((part) => [part.group ?? part.name, partSchema(part)]))
  const { members } = parts.find(({ group }) => group === 'ref')
  const place = frame.$defs.ref
  const refDefinition = {
    ...place,
    required: [...place.required, ...members.map(({ name }) => name)],
    properties: { ...place.properties, ...fieldSchemas(members) },
  }
  return {
    ...frame,
    required: [...Object.keys(properties), ...frame.required],
    properties: { $schema: urn, ...properties, ...added },
    $defs: replaceEntry(frame.$defs, 'ref', refDefinition),
  }
}

const WIDTH = 190

const flat = (value) => {
  if (Array.isArray(value)) return `[${value.map(flat).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}: ${flat(entry)}`)
    .join(', ')} }`
}

/** Whether a line break would not shorten the only line. */
const isOneText = (value) =>
  !Array.isArray(value) && Object.values(value).length === 1 && typeof Object.values(value)[0] === 'string'

/** Formats JSON like the handwritten schemas: on one line if it fits. */
export const layOut = (value, indent = '', label = '') => {
  const line = `${indent}${label}${flat(value)}`
  if (typeof value !== 'object' || value === null || (indent !== '' && (line.length <= WIDTH || isOneText(value))))
    return line
  const inner = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map((entry) => layOut(entry, inner))
    : Object.entries(value).map(([key, entry]) => layOut(entry, inner, `${JSON.stringify(key)}: `))
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${indent}${label}${open}\n${lines.join(',\n')}\n${indent}${close}`
}
