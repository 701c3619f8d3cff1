import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { mappingLaws, recordArbitrary, wireCodecLaws } from '@imago/testkit'
import { readDump } from '@imago/core'
import { getFieldValue } from '@imago/core/provider'
import { readers } from 'imago'
import { digitaloceanReader } from '../src/reader.ts'
import { DigitalOceanAction, DigitalOceanImage, DigitalOceanPages } from '../src/wire.ts'
import { images } from './images.mjs'

wireCodecLaws({ describe, test }, 'DigitalOceanImage', DigitalOceanImage)
wireCodecLaws({ describe, test }, 'DigitalOceanAction', DigitalOceanAction)
wireCodecLaws({ describe, test }, 'DigitalOceanPages', DigitalOceanPages)

mappingLaws(
  { describe, test },
  digitaloceanReader,
  recordArbitrary(DigitalOceanImage, {
    words: { slug: ['ubuntu-24-04-x64', 'docker-20-04'], created_at: ['2024-04-26T14:29:35Z'] },
  }),
)

/** What `doctl compute image list -o json` prints of `images`: saved from a program that lists them with godo 1.240.0, whose structs doctl prints. */
const ofDoctl = JSON.parse(readFileSync(join(__dirname, 'doctl-images.json'), 'utf8')) as readonly unknown[]

const all = [...readers, digitaloceanReader]

describe('records', () => {
  test('of the API are read without drift', () => {
    const { items, rejected, drift } = readDump({ images, links: {}, meta: { total: images.length } }, { readers: all })
    expect({ rejected, drift }).toEqual({ rejected: [], drift: [] })
    expect(
      items.map(({ ref, kind, visibility, architecture, os }) => [
        ref.provider,
        ref.id,
        kind,
        visibility,
        architecture,
        os.distro,
        os.version,
      ]),
    ).toEqual([
      ['digitalocean', '155133621', 'system', 'public', 'x86_64', 'ubuntu', '24.04'],
      ['digitalocean', '63663980', 'system', 'public', 'x86_64', 'ubuntu', '20.04'],
      ['digitalocean', '106433672', 'system', 'public', 'x86_64', 'centos', '9'],
      ['digitalocean', '152622470', 'app', 'public', null, 'ubuntu', null],
      ['digitalocean', '7555620', 'snapshot', 'private', null, 'ubuntu', null],
      ['digitalocean', '7555621', 'image', 'private', null, 'arch', null],
      ['digitalocean', '7555622', 'backup', 'private', null, 'debian', null],
      ['digitalocean', '7555623', 'image', 'private', null, null, null],
    ])
    expect(items[4]).toMatchObject({
      tags: ['prod', 'web'],
      stores: ['nyc1', 'nyc3'],
      size: { stored: 2_340_000_000, minDisk: 20_000_000_000 },
      status: 'available',
    })
  })

  test('of doctl give the same images, but for empty descriptions and sizes of 0, which it leaves out', () => {
    const ofApi = readDump(images, { readers: all }).items
    const { items, drift } = readDump(ofDoctl, { readers: all })
    expect(drift).toEqual([])
    const comparable = (image: (typeof items)[number]) => ({
      ...image,
      raw: null,
      description: image.description === '' ? null : image.description,
      size: {
        ...image.size,
        stored: image.size.stored === 0 ? null : image.size.stored,
        minDisk: image.size.minDisk === 0 ? null : image.size.minDisk,
      },
    })
    expect(items.map(comparable)).toEqual(ofApi.map(comparable))
    expect(items.map((image) => getFieldValue(image, 'visibility'))).toEqual(ofApi.map((image) => image.visibility))
  })

  test.each([
    ['api', images[4]],
    ['doctl', ofDoctl[4]],
    ['doctl', ofDoctl[0]],
  ])('are recognized as of the dialect %s', (dialect, record) => {
    expect(digitaloceanReader.recognize(record)).toMatchObject({ known: true, dialect: { name: dialect } })
  })

  test.each([
    { id: 1, os_flavor: 'debian' },
    { id: 'a', distribution: 'Ubuntu', regions: [] },
    { id: 1, name: 'x' },
  ])('of other kinds are not recognized: %j', (record) => {
    expect(digitaloceanReader.recognize(record).known).toBe(false)
  })
})
