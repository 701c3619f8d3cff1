import { describe, test } from '@jest/globals'
import type { JsonObject } from '@imago/core/provider'
import { HetznerImage } from '@imago/schema-hetzner'
import { mappingLaws, recordArbitrary } from '@imago/testkit'
import { hetznerReader } from '../src/offline.ts'
import {
  inAnsible,
  inCreateImage,
  inHcloud,
  inHcloudGo,
  inHcloudPython,
  inPulumi,
  inTerraform,
} from './client-shapes.ts'

const records = recordArbitrary(HetznerImage, {
  words: {
    type: ['system', 'app', 'snapshot', 'backup', 'temporary'],
    os_flavor: ['alma', 'rocky', 'unknown', 'talos'],
    os_version: ['24.04', ''],
    created: ['2022-12-31T23:59:59Z', '2023-01-01T00:00:00Z'],
    deprecated: ['2024-11-30T00:00:00Z', '0001-01-01T00:00:00Z'],
  },
})

const SHAPES: ReadonlyMap<string, (record: JsonObject) => JsonObject> = new Map([
  ['api', (record: JsonObject) => record],
  ['hcloud', inHcloud],
  ['hcloud-go', inHcloudGo],
  ['hcloud-python', inHcloudPython],
  ['create-image', inCreateImage],
  ['ansible', inAnsible],
  ['terraform', inTerraform],
  ['pulumi', inPulumi],
])

describe.each(hetznerReader.dialects.map((dialect) => ({ dialect, name: dialect.name })))(
  '$name',
  ({ dialect, name }) => {
    const shape = SHAPES.get(name)
    if (shape === undefined) throw new Error(`no records in the shape of ${name}`)
    mappingLaws({ describe, test }, hetznerReader, records.map(shape), { dialect })
  },
)
