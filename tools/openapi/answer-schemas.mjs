// What an OpenAPI document (3.0 or 3.1) says of answers, as validators.
//
// ajv, which the workspace has already, compiles a schema inside the document by its JSON Pointer, so that it finds the document's `$ref`s itself.
// Of the packages made for OpenAPI, openapi-response-validator knows 3.0 and 2.0 only, and @readme/openapi-parser resolves documents without
// validating answers. What 3.0 has that JSON Schema has not is little, and is rewritten here: `nullable`, boolean `exclusiveMinimum`.
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const COMPOSED = ['allOf', 'oneOf', 'anyOf']

const nullable = ({ nullable: isNullable, ...schema }) => {
  if (isNullable !== true) return schema
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] }
  return { ...schema, type: [schema.type, 'null'], ...(schema.enum && { enum: [...new Set([...schema.enum, null])] }) }
}

const exclusive = (schema) => {
  const { exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  if (typeof exclusiveMinimum !== 'boolean' && typeof exclusiveMaximum !== 'boolean') return schema
  return {
    ...rest,
    ...(exclusiveMinimum === true && { exclusiveMinimum: rest.minimum }),
    ...(exclusiveMaximum === true && { exclusiveMaximum: rest.maximum }),
  }
}

/** A key that the document does not name is worth a word. Inside a composition one branch does not know the other's keys. */
const closed = (schema, isComposed) =>
  isObject(schema.properties) &&
  schema.additionalProperties === undefined &&
  !isComposed &&
  !COMPOSED.some((word) => word in schema)
    ? { ...schema, additionalProperties: false }
    : schema

const SUBSCHEMAS = new Set(['items', 'additionalProperties', 'not'])

const toJsonSchema = (schema, isComposed = false) => {
  if (!isObject(schema)) return schema
  const result = closed(exclusive(schema), isComposed)
  const within = (value, composed) =>
    Array.isArray(value) ? value.map((one) => toJsonSchema(one, composed)) : toJsonSchema(value, composed)
  const changed = Object.entries(result).map(([key, value]) => {
    if (key === 'properties')
      return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toJsonSchema(one)]))]
    if (COMPOSED.includes(key)) return [key, within(value, true)]
    return SUBSCHEMAS.has(key) ? [key, within(value, false)] : [key, value]
  })
  return nullable(Object.fromEntries(changed))
}

const pointer = (...parts) => parts.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** The document's operations, and a check of one answer: null where the document says nothing of it, else the list of what is wrong. */
export const readDocument = (document) => {
  if (!/^3\.[01]\./.test(document.openapi ?? '') || !isObject(document.paths))
    throw new Error('not an OpenAPI document of version 3.0 or 3.1')
  const ajv = new Ajv2020({ strict: false, allErrors: true, verbose: true, logger: false })
  addFormats.default(ajv)
  ajv.addFormat('decimal', /^-?\d+(?:\.\d+)?$/)

  const schemas = Object.fromEntries(
    Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => [name, toJsonSchema(schema)]),
  )
  const paths = {}
  const operations = new Map()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS.filter((one) => one in item)) {
      const answers = {}
      for (const [status, response] of Object.entries(item[method].responses ?? {})) {
        const schema = response.content?.['application/json']?.schema
        answers[status.toLowerCase()] = schema === undefined ? null : toJsonSchema(schema)
      }
      paths[path] = { ...paths[path], [method]: answers }
      operations.set(`${method.toUpperCase()} ${path}`, { path, method, answers })
    }
  }
  ajv.addSchema({ $id: 'document', components: { schemas }, paths })

  const check = (operation, status, body) => {
    const { path, method, answers } = operations.get(operation)
    const key = [String(status), `${String(status)[0]}xx`, 'default'].find((one) => one in answers)
    if (key === undefined)
      return [{ keyword: 'status', instancePath: '', message: `${status} is not among the answers` }]
    if (answers[key] === null)
      return body === null ? [] : [{ keyword: 'body', instancePath: '', message: 'no body is expected' }]
    const validate = ajv.getSchema(`document#${pointer('paths', path, method, key)}`)
    return validate(body) ? [] : validate.errors
  }
  return { operations: [...operations.keys()], check }
}
