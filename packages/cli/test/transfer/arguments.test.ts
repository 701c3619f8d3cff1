import { expect, test } from '@jest/globals'
import { join, relative } from 'node:path'
import { toFileArgument, parseSource, parseTarget } from '../../src/transfer/arguments.ts'
import { Problem } from '../../src/problem.ts'

test.each([
  ['lab:debian', { kind: 'image', cloud: 'lab', image: { idOrName: 'debian' } }],
  ['openstack/lab@one:id:7', { kind: 'image', cloud: 'openstack/lab@one', image: { id: '7' } }],
  ['./disk.qcow2', { kind: 'file', path: './disk.qcow2' }],
  ['https://example.com/a?sig=1', { kind: 'url', url: 'https://example.com/a?sig=1' }],
])('from %s', (text, end) => expect(parseSource(text)).toEqual(end))

test.each([
  ['prod:', { kind: 'cloud', cloud: 'prod', name: null }],
  ['prod:debian-12', { kind: 'cloud', cloud: 'prod', name: 'debian-12' }],
  ['prod:name:a:b', { kind: 'cloud', cloud: 'prod', name: 'a:b' }],
  ['openstack/prod@one:', { kind: 'cloud', cloud: 'openstack/prod@one', name: null }],
  ['./out.raw', { kind: 'file', path: './out.raw' }],
  ['/tmp/a:b', { kind: 'file', path: '/tmp/a:b' }],
])('to %s', (text, end) => expect(parseTarget(text)).toEqual(end))

test.each(['', 'prod', ':name', 'https://example.com/a', 's3://bucket/a'])('%s is no target', (text) =>
  expect(() => parseTarget(text)).toThrow(Problem),
)
test.each(['', 'prod', 'prod:', ':name'])('%s is no source', (text) => expect(() => parseSource(text)).toThrow(Problem))

test('refuses an ID as the name of a new image', () =>
  expect(() => parseTarget('prod:id:7')).toThrow(/a new image gets its own ID/))

test.each([
  ['disk.raw', './disk.raw'],
  ['prod:x', './prod:x'],
  ['./disk.raw', './disk.raw'],
  ['/disk.raw', '/disk.raw'],
  ['~/disk.raw', '~/disk.raw'],
  [String.raw`C:\disk.raw`, String.raw`C:\disk.raw`],
])('%s, said to be a file, is %s', (path, word) => {
  expect(toFileArgument(path)).toBe(word)
  expect(parseTarget(toFileArgument(path))).toEqual({ kind: 'file', path: word })
})

test('refuses standard input and output', () =>
  expect(() => toFileArgument('-')).toThrow(/standard input and output are not supported/))

test('a file that is there is one without ./, unless its name could be that of an image', () => {
  const here = relative(process.cwd(), join(__dirname, 'arguments.test.ts'))
  expect(parseSource(here)).toEqual({ kind: 'file', path: here })
  expect(() => parseSource(`${here}.raw`)).toThrow(/^no cloud in .*; name a file as \.\/name$/)
})
