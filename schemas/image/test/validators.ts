import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { schemaNames, schemas, type SchemaName } from '../src/index.ts'

/** Strict mode reports unknown keywords, keywords without a type and required keys without a schema, which would otherwise check nothing. */
const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: schemaNames.map((name) => schemas[name]) })

const compiled = (urn: string): ValidateFunction => {
  const validate = ajv.getSchema(urn)
  if (validate === undefined) throw new Error(`there is no schema ${urn}`)
  return validate
}

/** The validator of a schema. */
export const getValidator = (name: SchemaName): ValidateFunction => compiled(schemas[name].$id)

/** The validator of one of the `$defs` of a schema. */
export const validatorOfPart = (name: SchemaName, part: string): ValidateFunction =>
  compiled(`${schemas[name].$id}#/$defs/${part}`)

/** The faults of `value`, one line each. */
export const findFaults = (name: SchemaName, value: unknown): readonly string[] => {
  const validate = getValidator(name)
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath}: ${error.message}`)
}
