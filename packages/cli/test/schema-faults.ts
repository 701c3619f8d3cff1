import { schemaNames, schemas, type SchemaName } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: schemaNames.map((name) => schemas[name]) })

/** Validates a printed document. Returns a line for each error. */
export const findSchemaFaults = (name: SchemaName, text: string): readonly string[] => {
  const validate = ajv.getSchema(schemas[name].$id)
  if (validate === undefined) throw new Error(`there is no schema ${name}`)
  return validate(JSON.parse(text)) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`)
}
