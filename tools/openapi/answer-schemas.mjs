// Creates validators of responses from an OpenAPI document (3.0 or 3.1).
//
// ajv, already a dependency of the workspace, compiles a schema inside the document by its JSON Pointer and so resolves the document's `$ref`s.
// Of the packages for OpenAPI, openapi-response-validator supports only 3.0 and 2.0, and @readme/openapi-parser resolves documents without validating
// responses. The few features of 3.0 that JSON Schema lacks are rewritten here: `nullable`, boolean `exclusiveMinimum`.
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

/** Reports keys that the document does not define. Inside a composition, a branch does not see the keys of the others. */
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

/** Returns the document's operations, and a check of one response: null if the document does not define it, otherwise a list of violations. */
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
