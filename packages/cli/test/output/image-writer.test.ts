import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { normalize } from 'imago'
import { findColumns } from '../../src/output/column.ts'
import { imageColumns } from '../../src/output/columns.ts'
import { createImageWriter, type ImageWriterOptions } from '../../src/output/image-writer.ts'
import { IMAGE_FORMATS, type ImageFormat } from '../../src/options/output.ts'
import { memoryOutput, type MemoryOutput } from '../memory-output.ts'
import { DRIVES_TERMINAL, glance, hetzner, HOSTILE, nested } from '../records.ts'

const print = async (
  format: ImageFormat,
  records: readonly unknown[],
  options: Partial<ImageWriterOptions> = {},
  terminal = false,
): Promise<MemoryOutput> => {
  const output = memoryOutput(terminal ? { isTerminal: true, width: 120 } : {})
  const writer = await createImageWriter(format, output, {
    columns: null,
    showSecrets: false,
    rawCsv: false,
    ...options,
  })
  for (const image of normalize(records).items) writer.image(image, null, null)
  writer.end()
  return output
}

const named = (...names: readonly string[]) => names.map((name, index) => glance({ id: String(index), name }))

const SECRETS = /hunter2|S3CRET|ab\/cd/
const secretive = glance({
  name: 'https://user:hunter2@host/?sig=S3CRET',
  image_source: 'https://user:hunter2@host/x?sig=S3CRET',
  direct_url: 's3://AKIA:ab/cd@s3.example/bucket/object',
  locations: [{ url: 'swift+https://account:hunter2@auth/v1', metadata: {} }],
})

describe('all formats', () => {
  it.each(IMAGE_FORMATS)('%s masks the secrets of URLs, and shows them on request', async (format) => {
    const columns =
      format === 'csv' || format === 'table' || format === 'value'
        ? findColumns(imageColumns, 'id,name,origins,properties,raw')
        : null
    expect((await print(format, [secretive], { columns })).text()).not.toMatch(SECRETS)
    expect((await print(format, [secretive], { columns })).text()).toContain('https://***@host/x?sig=***')
    const shown = (await print(format, [secretive], { columns, showSecrets: true })).text()
    for (const secret of ['hunter2', 'S3CRET', 'ab/cd']) expect(shown).toContain(secret)
  })

  it.each(IMAGE_FORMATS)('%s passes no control characters of a record to a terminal', async (format) => {
    const record = glance({
      id: HOSTILE,
      name: HOSTILE,
      tags: [HOSTILE],
      [HOSTILE]: HOSTILE,
      owner: '\u009b',
      os_distro: '\u202e',
    })
    expect((await print(format, [record], {}, true)).text()).not.toMatch(DRIVES_TERMINAL)
  })

  it.each(IMAGE_FORMATS)('%s prints a record of the maximum depth', async (format) => {
    const columns =
      format === 'csv' || format === 'table' || format === 'value' ? findColumns(imageColumns, 'id,raw') : null
    expect(
      (await print(format, [glance({ odd: JSON.parse(nested(2000)) })], { columns })).text().includes(nested(2000)),
    ).toBe(true)
  })

  it.each(IMAGE_FORMATS)('%s accepts no images', async (format) => {
    const text = (await print(format, [])).text()
    const expected = {
      table: '',
      json: '{"$schema":"urn:imago:schema:images:1","images":[\n]}\n',
      ndjson: '',
      yaml: '$schema: urn:imago:schema:images:1\nimages: []\n',
      value: '',
    }
    if (format === 'csv') expect(text).toMatch(/^provider,cloud,region,id,[\w.,]*\n$/)
    else expect(text).toBe(expected[format])
  })
})

describe('value', () => {
  it('prints a line for each image, with tabs between values, without a heading', async () => {
    const columns = findColumns(imageColumns, 'id,name,size.stored,labels.env')
    const output = await print(
      'value',
      [hetzner({ name: 'a b', labels: { env: 'prod' } }), glance({ id: 'x', name: 'two\nlines\there', size: 5 })],
      { columns },
    )
    expect(output.lines().map((line) => line.split('\t').slice(1))).toEqual([
      ['a b', expect.any(String), 'prod'],
      ['two lines here', '5', ''],
    ])
  })
})

describe('createImageWriter', () => {
  it.each(['table', 'csv'] as const)('%s omits the header on request', async (format) => {
    const columns = findColumns(imageColumns, 'id')
    expect((await print(format, [glance({ id: 'x' })], { columns, header: false })).text()).toBe('x\n')
  })

  describe('json, ndjson and yaml', () => {
    const records = [
      glance({ ['__proto__']: 'p', constructor: 'c', name: '\ud800 lone' }),
      hetzner(),
      glance({ id: 'x', name: HOSTILE }),
    ]
    const images: unknown = JSON.parse(JSON.stringify(normalize(records).items))

    it('contain the fields of the images', async () => {
      expect(JSON.parse((await print('json', records)).text())).toEqual({
        $schema: 'urn:imago:schema:images:1',
        images,
      })
      const lines = (await print('ndjson', records)).lines().map((line) => JSON.parse(line) as object)
      expect(lines).toEqual((images as object[]).map((image) => ({ $schema: 'urn:imago:schema:image:1', ...image })))
      expect(parse((await print('yaml', records)).text())).toEqual({ $schema: 'urn:imago:schema:images:1', images })
    })

    it('json prints each image on its own line', async () => {
      expect((await print('json', records)).lines()).toHaveLength(records.length + 2)
    })
  })

  describe('yaml', () => {
    it('quotes text that a YAML 1.1 parser would read as another type', async () => {
      const words = ['no', 'yes', 'on', 'off', 'y', '012', '1_000', '1:30', '2026-11-22', '~', 'null', '0x1f']
      const text = (await print('yaml', named(...words))).text()
      for (const word of words) expect(text).toContain(`  name: "${word}"\n`)
      expect(text).toContain('createdAt: "2026-11-22T16:14:52Z"\n')
    })

    it('escapes non-printable characters in values and keys', async () => {
      const odd = ['a\u009bb', '\u0085', 'x\n\u009b\ny', '\u2028', '\u007f', '\ud800', '\u202e']
      const records = [...named(...odd), glance({ 'k\u009b': 'v\u009b' })]
      const output = await print('yaml', records)
      expect(output.text()).not.toMatch(DRIVES_TERMINAL)
      expect(output.text()).not.toMatch(/[\ud800-\udfff]/u)
      expect((parse(output.text()) as { images: { name: string }[] }).images.map(({ name }) => name)).toEqual([
        ...odd,
        'debian-12',
      ])
    })
  })

  describe('csv', () => {
    const formulas = ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', '\n=1', ' =1', '＝1']

    it('escapes cells that a spreadsheet would run as formulas', async () => {
      const text = (
        await print('csv', named(...formulas, 'a=b', "it's"), { columns: findColumns(imageColumns, 'name') })
      ).text()
      expect(text).toBe(`name\n'=1+1\n'+1\n'-1\n'@x\n'\t=1\n"'\r=1"\n"'\n=1"\n' =1\n'＝1\na=b\nit's\n`)
    })

    it('keeps such cells with --raw-csv', async () => {
      const text = (
        await print('csv', named(...formulas.slice(0, 4)), { columns: findColumns(imageColumns, 'name'), rawCsv: true })
      ).text()
      expect(text).toBe('name\n=1+1\n+1\n-1\n@x\n')
    })

    it('quotes cells when required', async () => {
      const text = (
        await print('csv', named('a,b', 'q"q', 'two\nlines'), { columns: findColumns(imageColumns, 'id,name') })
      ).text()
      expect(text).toBe('id,name\n0,"a,b"\n1,"q""q"\n2,"two\nlines"\n')
    })
  })

  describe('table', () => {
    it('marks inferred and assumed values', async () => {
      const output = memoryOutput()
      const writer = await createImageWriter('table', output, {
        columns: findColumns(imageColumns, 'name,kind,os,visibility'),
        showSecrets: false,
        rawCsv: false,
      })
      const evidence = { name: 'declared', kind: 'assumed', 'os.distro': 'inferred', visibility: 'unknown' }
      for (const image of normalize(glance({ os_distro: 'debian' })).items)
        writer.image(image, null, { evidence: evidence as never })
      writer.end()
      expect(output.lines()[1]).toBe('debian-12  image?  debian~  private')
    })
  })
})
