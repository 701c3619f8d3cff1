import { describe, expect, it } from '@jest/globals'
import { join, relative } from 'node:path'
import { toFileArgument, toUploadArgument, parseSource, parseTarget } from '../../src/transfer/arguments.ts'
import { Problem } from '../../src/problem.ts'

describe('arguments of transfer commands', () => {
  it.each([
    ['lab:debian', { kind: 'image', cloud: 'lab', image: { idOrName: 'debian' } }],
    ['openstack/lab@one:id:7', { kind: 'image', cloud: 'openstack/lab@one', image: { id: '7' } }],
    ['./disk.qcow2', { kind: 'file', path: './disk.qcow2' }],
    ['https://example.com/a?sig=1', { kind: 'url', url: 'https://example.com/a?sig=1' }],
  ])('parseSource parses %s', (text, end) => expect(parseSource(text)).toEqual(end))

  it.each([
    ['prod:', { kind: 'cloud', cloud: 'prod', name: null }],
    ['prod:debian-12', { kind: 'cloud', cloud: 'prod', name: 'debian-12' }],
    ['prod:name:a:b', { kind: 'cloud', cloud: 'prod', name: 'a:b' }],
    ['openstack/prod@one:', { kind: 'cloud', cloud: 'openstack/prod@one', name: null }],
    ['./out.raw', { kind: 'file', path: './out.raw' }],
    ['/tmp/a:b', { kind: 'file', path: '/tmp/a:b' }],
  ])('parseTarget parses %s', (text, end) => expect(parseTarget(text)).toEqual(end))

  it.each(['', 'prod', ':name', 'https://example.com/a', 's3://bucket/a'])('parseTarget refuses %s', (text) =>
    expect(() => parseTarget(text)).toThrow(Problem),
  )
  it.each(['', 'prod', 'prod:', ':name'])('parseSource refuses %s', (text) =>
    expect(() => parseSource(text)).toThrow(Problem),
  )

  it('parseTarget refuses an ID as the name of a new image', () =>
    expect(() => parseTarget('prod:id:7')).toThrow(/the ID of a new image cannot be chosen/))

  it.each([
    ['disk.raw', './disk.raw'],
    ['prod:x', './prod:x'],
    ['./disk.raw', './disk.raw'],
    ['/disk.raw', '/disk.raw'],
    ['~/disk.raw', '~/disk.raw'],
    [String.raw`C:\disk.raw`, String.raw`C:\disk.raw`],
  ])('toFileArgument returns a word for the file %s: %s', (path, word) => {
    expect(toFileArgument(path)).toBe(word)
    expect(parseTarget(toFileArgument(path))).toEqual({ kind: 'file', path: word })
  })

  it('toFileArgument refuses standard input and output', () =>
    expect(() => toFileArgument('-')).toThrow(/standard input and output \(-\) are not supported/))

  it('toUploadArgument refuses URLs', () => {
    expect(toUploadArgument('disk.raw')).toBe('./disk.raw')
    expect(() => toUploadArgument('https://a.test/disk.raw')).toThrow(
      'upload requires a file, not a URL. To transfer from a URL, use imago copy',
    )
  })

  it('parseSource accepts an existing file without ./ unless its name may be the address of an image', () => {
    const here = relative(process.cwd(), join(__dirname, 'arguments.test.ts'))
    expect(parseSource(here)).toEqual({ kind: 'file', path: here })
    expect(() => parseSource(`${here}.raw`)).toThrow(
      /^invalid image .*: the cloud or the image is missing\. .*; name a file as \.\/file$/,
    )
  })
})
