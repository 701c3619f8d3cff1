import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { schemaNames, schemas, type SchemaName } from '../src/index.ts'

/** Strict: an unknown keyword, a keyword without its type or a required key without its schema is an error, in place of a schema that checks less than it seems to. */
const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: schemaNames.map((name) => schemas[name]) })

const compiled = (urn: string): ValidateFunction => {
  const validate = ajv.getSchema(urn)
  if (validate === undefined) throw new Error(`there is no schema ${urn}`)
  return validate
}

/** The validator of one of our schemas. */
export const validatorOf = (name: SchemaName): ValidateFunction => compiled(schemas[name].$id)

/** The validator of one of the `$defs` of a schema. */
export const validatorOfPart = (name: SchemaName, part: string): ValidateFunction =>
  compiled(`${schemas[name].$id}#/$defs/${part}`)

/** What is wrong with `value`, one line a fault: empty where nothing is. */
export const faultsOf = (name: SchemaName, value: unknown): readonly string[] => {
  const validate = validatorOf(name)
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`)
}
