import { schemaNames, schemas, type SchemaName } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'

const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: schemaNames.map((name) => schemas[name]) })

/** What is wrong with a printed document, one line a fault: empty where nothing is. */
export const faultsOf = (name: SchemaName, text: string): readonly string[] => {
  const validate = ajv.getSchema(schemas[name].$id)
  if (validate === undefined) throw new Error(`there is no schema ${name}`)
  return validate(JSON.parse(text)) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`)
}
