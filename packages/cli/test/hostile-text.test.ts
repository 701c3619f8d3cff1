import { dateToInstant, toInstant } from '@imago/codec'
import {
  createMasker,
  explainRecord,
  formatError,
  toSafePath,
  createErrorSite,
  toSafeText,
  trimTrailing,
  unavailable,
  type Image,
} from '@imago/core'
import { addUrlSecrets, parseRetryAfter, readServerTime, toHeaders } from '@imago/http'
import { readError } from '@imago/schema-hetzner'
import { readFault } from '@imago/schema-openstack'
import { describe, expect, it } from '@jest/globals'
import { expectLinear } from '../../../tools/jest/linear-time.ts'
import { readYamlRecords } from '../src/input/yaml.ts'
import { normalize, readers } from 'imago'
import { csvColumns, tableColumns } from '../src/output/columns.ts'
import { compactJson } from '../src/output/compact-json.ts'
import { imageJson } from '../src/output/image-json.ts'
import { imageYaml } from '../src/output/image-yaml.ts'
import { maskSecrets, maskUrls, secrets } from '../src/output/mask.ts'
import { createTable } from '../src/output/table.ts'
import { visible, visibleJson } from '../src/output/visible.ts'
import { parseAddress } from '../src/parse-address.ts'
import { memoryOutput } from './memory-output.ts'
import { glance, hetzner } from './records.ts'

const SITE = createErrorSite({ provider: 'openstack', cloud: 'lab' }, 'get')

const masker = createMasker()
for (const secret of ['a-a-a-b1', '\\\\1"x', '%25%25%25x', '&amp;&#x4;1', '0'.repeat(40) + '1a']) masker.add(secret)
secrets.add('a-a-a-a-b1')

const writeTable = (text: string): void => {
  const table = createTable(memoryOutput(), [{ title: 'A' }, { title: 'B' }])
  table.row([text, 'b'])
  table.settle()
  table.end()
}

/** Records with the text in every field that a server or another tenant controls. */
const RECORDS: readonly (readonly [string, (text: string) => unknown])[] = [
  [
    'the fields of Glance',
    (text) =>
      glance({
        name: text,
        owner: text,
        checksum: text,
        os_hash_algo: text,
        os_hash_value: text,
        disk_format: text,
        container_format: text,
        created_at: text,
        updated_at: text,
        direct_url: text,
        locations: [{ url: text, metadata: {} }],
        status: text,
        visibility: text,
      }),
  ],
  ['the id of Glance', (text) => glance({ id: text })],
  [
    'tags, properties and their names at Glance',
    (text) =>
      glance({
        tags: [text],
        architecture: text,
        os_distro: text,
        os_version: text,
        hw_firmware_type: text,
        block_device_mapping: text,
        base_image_ref: text,
        image_type: text,
        description: text,
        os_glance_failed_import: text,
        stores: text,
        [text]: 'a',
        signature_verified: text,
      }),
  ],
  [
    'the fields of Hetzner',
    (text) =>
      hetzner({
        name: text,
        description: text,
        created: text,
        deprecated: text,
        os_flavor: text,
        os_version: text,
        architecture: text,
        status: text,
        type: text,
        created_from: { id: 1, name: text },
        labels: { [text]: text, a: text },
      }),
  ],
]

const FUNCTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  toSafeText,
  toSafePath,
  trimTrailing: (text) => trimTrailing(text, '/.'),
  formatError: (text) => formatError({ ...unavailable(SITE, { what: 'x' }), what: text }),
  toInstant,
  dateToInstant,
  mask: masker.mask,
  maskOwn: masker.maskOwn,
  maskUrls,
  maskSecrets,
  visible,
  visibleJson,
  compactJson,
  writeTable,
  parseAddress,
  readYamlRecords: (text) => readYamlRecords(text),
  parseRetryAfter: (text) => parseRetryAfter(toHeaders([['retry-after', text]]), 0),
  readServerTime: (text) => readServerTime(toHeaders([['date', text]]), 0),
  addUrlSecrets: (text) => addUrlSecrets(createMasker(), `https://${text}`),
  'readFault of HTML': (text) => readFault(500, 'text/html', `<html>${text}`),
  'readFault of text': (text) => readFault(500, 'text/plain', text),
  'readFault of JSON': (text) =>
    readFault(500, 'application/json', JSON.stringify({ error: { code: 401, message: text, title: text } })),
  'readError of HTML': (text) => readError(500, 'text/html', `<html>${text}`),
  'readError of JSON': (text) =>
    readError(
      500,
      'application/json',
      JSON.stringify({ error: { code: text, message: text, details: { fields: [{ name: text, messages: [text] }] } } }),
    ),
}

describe('linear time for any repeated text', () => {
  it.each(Object.keys(FUNCTIONS))('%s', (name) => {
    expectLinear(FUNCTIONS[name] ?? (() => undefined))
  })

  it.each(RECORDS)('normalize, explain and their output: %s', (_, record) => {
    expectLinear((text) => {
      const document = record(text)
      explainRecord(document, '', { readers })
      for (const image of normalize(document).items) print(image)
    })
  })
})

const print = (image: Image): void => {
  for (const column of [...tableColumns, ...csvColumns]) column.show(image)
  maskUrls(imageJson(image, null, null))
  imageYaml(image, null)
}

describe('hostile text in all fields', () => {
  it('the measurement detects a quadratic function', () => {
    const quadratic = (text: string): unknown => /x+$/.test(text.replaceAll('/', 'x'))
    expect(() => expectLinear(quadratic, ['/'])).toThrow()
  })
})
