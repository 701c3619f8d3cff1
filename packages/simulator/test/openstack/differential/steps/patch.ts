import { each, imageId, type Step } from '../step.ts'

const TYPE = 'application/openstack-images-v2.1-json-patch'
const OLD_TYPE = 'application/openstack-images-v2.0-json-patch'

const patch = (body: unknown, type = TYPE): Omit<Step, 'name'> => ({
  method: 'PATCH',
  path: `/v2/images/${imageId('patched')}`,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

const one = (operation: unknown): Omit<Step, 'name'> => patch([operation])

const replaced = (key: string, values: Readonly<Record<string, unknown>>): readonly Step[] =>
  each(`patch replace ${key}`, values, (value) => one({ op: 'replace', path: `/${key}`, value }))

const keyed = (keys: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(keys.map((key) => [key, key]))

const BASE = [
  'id',
  'name',
  'status',
  'visibility',
  'protected',
  'os_hidden',
  'owner',
  'checksum',
  'size',
  'virtual_size',
  'disk_format',
  'container_format',
  'min_disk',
  'min_ram',
  'tags',
  'created_at',
  'updated_at',
  'self',
  'file',
  'schema',
  'direct_url',
  'stores',
  'os_hash_algo',
  'os_hash_value',
]
const RESERVED = ['location', 'deleted', 'deleted_at', 'os_glance_x', 'os_glance_import_task', 'os_glancex']
const INTERNAL = ['image_id', 'extra_properties', 'member', 'locations', 'delete', 'properties']

const EMOJI = '\u{1F600}'

export const PATCH: readonly Step[] = [
  {
    name: 'patch: an image for it',
    method: 'POST',
    path: '/v2/images',
    body: { id: imageId('patched'), name: 'patched', a: '1', 'with/slash': '2', suite: '{{run}}' },
  },
  ...each('patch remove', keyed([...BASE, ...RESERVED, ...INTERNAL]), (key) => one({ op: 'remove', path: `/${key}` })),
  ...each(
    'patch replace read-only',
    keyed([
      'id',
      'status',
      'checksum',
      'size',
      'virtual_size',
      'created_at',
      'updated_at',
      'self',
      'file',
      'schema',
      'direct_url',
      'stores',
      'os_hash_algo',
      'os_hash_value',
      ...RESERVED,
    ]),
    (key) => one({ op: 'replace', path: `/${key}`, value: 'x' }),
  ),
  ...each('patch add read-only', keyed(['id', 'status', 'size', 'stores', ...RESERVED]), (key) =>
    one({ op: 'add', path: `/${key}`, value: 'x' }),
  ),
  ...replaced('min_disk', { good: 3, negative: -1, 'too large': 2_147_483_648, text: '3', null: null }),
  ...replaced('min_ram', { good: 3, negative: -1, 'too large': 2_147_483_648 }),
  ...replaced('name', {
    good: 'renamed',
    null: null,
    empty: '',
    '256 characters': 'n'.repeat(256),
    'four bytes': EMOJI,
    number: 5,
  }),
  ...replaced('protected', { true: true, false: false, text: 'true' }),
  ...replaced('os_hidden', { true: true, false: false, text: 'true' }),
  ...replaced('owner', { own: '{{project demo}}', other: '{{project other}}', null: null }),
  ...replaced('visibility', { community: 'community', public: 'public', unknown: 'x', shared: 'shared' }),
  ...replaced('disk_format', { known: 'raw', unknown: 'x', null: null }),
  ...replaced('container_format', { known: 'bare', unknown: 'x' }),
  ...replaced('tags', {
    good: ['a', 'b', 'a'],
    '256 characters': ['t'.repeat(256)],
    'four bytes': [EMOJI],
    text: 'a',
    'two bytes': ['ü'],
    none: [],
    'too many': Array.from({ length: 129 }, (_, index) => `t${index}`),
  }),
  ...replaced('locations', { none: [], text: 'x', 'an unknown scheme': [{ url: 'x', metadata: {} }] }),
  ...replaced('a', { good: '2', '256 characters': 'v'.repeat(256), number: 2, null: null, 'four bytes': EMOJI }),
  ...each(
    'patch add property',
    {
      good: 'new',
      'four bytes': EMOJI,
      '255 characters': 'k'.repeat(255),
      '256 characters': 'k'.repeat(256),
      'two bytes': 'größe',
      blanks: ' b ',
      dots: 'a.b',
    },
    (key) => one({ op: 'add', path: `/${key}`, value: 'x' }),
  ),
  ...each(
    'patch path',
    {
      nothing: '',
      slash: '/',
      'no slash': 'a',
      'two slashes': '//',
      'a slash at the end': '/a/',
      adjacent: '/a//b',
      deep: '/a/b',
      tilde: '/a~2',
      'tilde at the end': '/a~',
      'escaped slash': '/with~1slash',
      'tag by number': '/tags/0',
      'tag at the end': '/tags/-',
      missing: '/missing',
      number: 5,
      null: null,
      'locations at the end': '/locations/-',
      'locations number': '/locations/0',
    },
    (path) => one({ op: 'replace', path, value: 'x' }),
  ),
  ...each('patch add path', { 'tag at the end': '/tags/-', deep: '/a/b' }, (path) =>
    one({ op: 'add', path, value: 'x' }),
  ),
  ...each(
    'patch operation',
    {
      none: { path: '/a', value: 'x' },
      unknown: { op: 'test', path: '/a', value: 'x' },
      move: { op: 'move', from: '/a', path: '/b' },
      'upper case': { op: 'ADD', path: '/a', value: 'x' },
      'without path': { op: 'add', value: 'x' },
      'without value': { op: 'replace', path: '/a' },
      'add without value': { op: 'add', path: '/a' },
      'with more': { op: 'add', path: '/a', value: 'x', comment: 'y' },
      text: 'x',
      null: null,
      list: [],
      number: 1,
    },
    one,
  ),
  ...each(
    'patch body',
    { empty: [], object: { op: 'add', path: '/a', value: 'x' }, text: '"x"', null: 'null', nothing: '', cut: '[{' },
    (body) => patch(body),
  ),
  ...each(
    'patch type',
    {
      json: 'application/json',
      none: '',
      'merge patch': 'application/merge-patch+json',
      'with charset': `${TYPE}; charset=utf-8`,
      'upper case': TYPE.toUpperCase(),
    },
    (type) => patch([{ op: 'add', path: '/a', value: 'x' }], type),
  ),
  ...each(
    'patch 2.0',
    {
      add: { add: '/old', value: 'x' },
      'add again': { add: '/old', value: 'y' },
      'add base': { add: '/name', value: 'y' },
      replace: { replace: '/old', value: 'z' },
      remove: { remove: '/old' },
      'remove again': { remove: '/old' },
      two: { add: '/a', remove: '/a', value: 'x' },
      none: { path: '/a', value: 'x' },
      'new form': { op: 'add', path: '/a', value: 'x' },
      'no value': { replace: '/a' },
    },
    (operation) => patch([operation], OLD_TYPE),
  ),
  {
    name: 'patch: all or nothing',
    ...patch([
      { op: 'add', path: '/kept', value: 'x' },
      { op: 'remove', path: '/missing' },
    ]),
  },
  {
    name: 'patch: add and remove',
    ...patch([
      { op: 'add', path: '/gone', value: 'x' },
      { op: 'remove', path: '/gone' },
    ]),
  },
  { name: 'patch: as another', ...one({ op: 'add', path: '/a', value: 'x' }), as: 'other' },
  { name: 'patch: as a reader', ...one({ op: 'add', path: '/a', value: 'x' }), as: 'reader' },
  { name: 'patch: as a reader, nothing', ...patch([]), as: 'reader' },
  { name: 'patch: owner, as admin', ...one({ op: 'replace', path: '/owner', value: '{{project demo}}' }), as: 'admin' },
  {
    name: 'patch: no such image',
    ...one({ op: 'add', path: '/a', value: 'x' }),
    path: `/v2/images/${imageId('nobody')}`,
  },
  { name: 'patch: no image id', ...one({ op: 'add', path: '/a', value: 'x' }), path: '/v2/images/not-an-id' },
  { name: 'patch: what came of it', path: `/v2/images/${imageId('patched')}` },
]
