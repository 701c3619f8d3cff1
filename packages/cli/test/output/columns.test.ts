import { describe, expect, it } from '@jest/globals'
import { FIELD_NAMES, type Image } from '@imago/core'
import { EXIT } from '../../src/exit-code.ts'
import { normalize } from 'imago'
import { findColumns } from '../../src/output/column.ts'
import { csvColumns, imageColumns, tableColumns } from '../../src/output/columns.ts'
import { Problem } from '../../src/problem.ts'
import { glance, hetzner, nested } from '../records.ts'

const readImage = (record: unknown): Image => {
  const [image] = normalize(record).items
  if (image === undefined) throw new Error('no image')
  return image
}
const cell = (name: string, record: unknown) => {
  const [column] = findColumns(imageColumns, name)
  return { show: column?.show(readImage(record)), plain: column?.plain(readImage(record)) }
}
const toProblem = (names: string): Problem => {
  try {
    findColumns(imageColumns, names)
  } catch (error) {
    if (error instanceof Problem) return error
  }
  throw new Error(`${names} was taken`)
}

describe('columns', () => {
  it('contain every field once in CSV', () => {
    const names = csvColumns.map(({ name }) => name)
    expect(names).toEqual([
      'provider',
      'cloud',
      'region',
      ...FIELD_NAMES.map((name) => (name === 'ref.id' ? 'id' : name)),
    ])
  })

  it('can all be selected by name, including those of a table', () => {
    for (const { name } of [...csvColumns, ...tableColumns]) expect(findColumns(imageColumns, name)).toHaveLength(1)
    expect(findColumns(imageColumns, ' id , os.distro ').map(({ name }) => name)).toEqual(['id', 'os.distro'])
  })

  it('can be selected by heading in any case, or by path', () => {
    expect(
      findColumns(imageColumns, 'STORED,min disk,MIN-DISK,Arch,created,CREATEDAT,NAME,name,ref.id').map(
        ({ name }) => name,
      ),
    ).toEqual([
      'size.stored',
      'size.minDisk',
      'size.minDisk',
      'architecture',
      'createdAt',
      'createdAt',
      'label',
      'name',
      'id',
    ])
  })

  it('can be a single label or property', () => {
    const record = hetzner({ labels: { 'example.test/env': 'prod' } })
    expect(cell('labels.example.test/env', record)).toEqual({ show: 'prod', plain: 'prod' })
    expect(cell('labels.constructor', record)).toEqual({ show: '-', plain: '' })
    expect(cell('properties.os_type', record)).toEqual({ show: '-', plain: '' })
  })

  it('suggest the nearest name for an unknown one', () => {
    expect(toProblem('id,nmae')).toMatchObject({
      exitCode: EXIT.usage,
      message: expect.stringContaining('unknown column "nmae" (one of: provider, cloud'),
    })
    expect(toProblem('os.distr').message).toContain('Did you mean os.distro?')
    expect(toProblem('zzzzzzzzz').message).not.toContain('Did you mean')
    expect(toProblem('').exitCode).toBe(EXIT.usage)
  })

  it('contain the address that other commands accept, or the ID when the cloud is unknown', () => {
    const [address] = findColumns(imageColumns, 'address')
    const [image] = normalize([hetzner()]).items
    if (image === undefined || address === undefined) throw new Error('no image')
    expect(address.plain(image)).toBe(image.ref.id)
    expect(address.show({ ...image, ref: { provider: 'hetzner', cloud: 'production', region: null, id: '7' } })).toBe(
      'hetzner/production:id:7',
    )
    expect(csvColumns.map(({ name }) => name)).not.toContain('address')
  })

  it('format values for people and for programs', () => {
    expect(cell('size.minDisk', glance())).toEqual({ show: '2.0 GiB', plain: '2147483648' })
    expect(cell('size.virtual', glance())).toEqual({ show: '-', plain: '' })
    expect(cell('tags', glance({ tags: ['b', 'a'] }))).toEqual({ show: 'a, b', plain: '["a","b"]' })
    expect(cell('tags', glance())).toEqual({ show: '-', plain: '[]' })
    expect(cell('labels', hetzner({ labels: { env: 'prod', x: '' } }))).toEqual({
      show: 'env=prod, x=',
      plain: '{"env":"prod","x":""}',
    })
    expect(cell('os', hetzner())).toEqual({ show: 'ubuntu 24.04', plain: 'ubuntu 24.04' })
    expect(cell('os', glance())).toEqual({ show: '-', plain: '' })
    expect(cell('region', glance())).toEqual({ show: '-', plain: '' })
    expect(cell('label', hetzner())).toEqual({ show: '(before the upgrade)', plain: 'before the upgrade' })
    expect(cell('label', glance())).toEqual({ show: 'debian-12', plain: 'debian-12' })
    expect(cell('label', hetzner({ description: '' })).show).toBe('-')
    expect(cell('hidden', glance())).toEqual({ show: 'false', plain: 'false' })
    expect(cell('raw', glance()).plain).toBe(JSON.stringify(glance()))
  })

  it('format a raw record of the maximum depth', () => {
    expect(cell('raw', glance({ odd: JSON.parse(nested(2000)) })).plain?.includes(nested(2000))).toBe(true)
  })
})
