import { describe, expect, it } from '@jest/globals'
import { crosswalk } from '@imago/crosswalk'
import { schemaNames } from '@imago/schema-image'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { printableSchemas, schema } from '../../../src/commands/schema/run.ts'
import { EXIT } from '../../../src/exit-code.ts'
import { memoryOutput } from '../../memory-output.ts'

const print = async (name?: string): Promise<string> => {
  const output = memoryOutput()
  expect(await schema(name, output)).toBe(EXIT.done)
  return output.text()
}

describe('schema', () => {
  it('prints the names without an argument', async () => {
    expect((await print()).split('\n')).toEqual([...schemaNames, 'crosswalk', 'support', ''])
  })

  it('prints JSON Schemas that compile together and have their names in their IDs', async () => {
    const ajv = new Ajv2020({ strict: false })
    const printed = await Promise.all(
      schemaNames.map(async (name) => JSON.parse(await print(name)) as { readonly $id: string }),
    )
    for (const schema of printed) ajv.addSchema(schema)
    expect(printed.map(({ $id }) => $id.split(':').slice(0, -1).join(':'))).toEqual(
      schemaNames.map((name) => `urn:imago:schema:${name}`),
    )
    for (const { $id } of printed) expect(ajv.getSchema($id)).toBeInstanceOf(Function)
  })

  it('prints the vocabularies as crosswalk', async () => {
    expect(JSON.parse(await print('crosswalk'))).toEqual(JSON.parse(JSON.stringify(crosswalk)))
    expect(printableSchemas).toContain('crosswalk')
  })

  it('suggests the nearest name for an unknown one', async () => {
    await expect(print('imgae')).rejects.toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining('Did you mean image?'),
    })
    await expect(print('__proto__')).rejects.toMatchObject({ exitCode: EXIT.usage })
  })
})
