import { each, imageId, type Step } from '../step.ts'

const IMAGES = { method: 'POST', path: '/v2/images' } as const

const raw = (body: string): Omit<Step, 'name'> => ({ ...IMAGES, body, headers: { 'content-type': 'application/json' } })

const created = (
  name: string,
  values: Readonly<Record<string, unknown>>,
  body: (value: unknown) => unknown,
): readonly Step[] => each(name, values, (value) => ({ ...IMAGES, body: body(value) }))

const field = (key: string, values: Readonly<Record<string, unknown>>): readonly Step[] =>
  created(`create ${key}`, values, (value) => ({ [key]: value }))

const NUMBERS = {
  zero: 0,
  one: 1,
  negative: -1,
  largest: 2_147_483_647,
  'too large': 2_147_483_648,
  huge: 9_007_199_254_740_991,
  fraction: 1.5,
  text: '1',
  null: null,
  boolean: true,
  list: [1],
}

const FLAGS = { true: true, false: false, text: 'true', null: null, number: 1 }

const EMOJI = 'image \u{1F600}'

const TEXTS = {
  null: null,
  empty: '',
  '255 characters': 'n'.repeat(255),
  '256 characters': 'n'.repeat(256),
  '255 characters of two bytes': 'ü'.repeat(255),
  'four bytes': EMOJI,
  number: 5,
  boolean: false,
  list: ['a'],
  blanks: '  a b ',
  quotes: `it's "so" \\ here`,
  markup: '<b>&amp;</b>',
  'line break': 'a\nb\tc',
}

const byKey = (keys: readonly string[], value: unknown): Readonly<Record<string, unknown>> =>
  Object.fromEntries(keys.map((key) => [key, { [key]: value }]))

export const CREATE: readonly Step[] = [
  { name: 'create: nothing in it', ...IMAGES, body: {} },
  {
    name: 'create: everything',
    ...IMAGES,
    body: {
      id: imageId('full'),
      name: 'full',
      disk_format: 'qcow2',
      container_format: 'bare',
      min_disk: 2,
      min_ram: 64,
      visibility: 'private',
      protected: false,
      os_hidden: false,
      tags: ['a', 'b'],
      os_distro: 'debian',
      suite: '{{run}}',
    },
  },
  { name: 'create: the same id again', ...IMAGES, body: { id: imageId('full') } },
  ...field('min_disk', NUMBERS),
  ...field('min_ram', NUMBERS),
  ...field('protected', { ...FLAGS, true: false }),
  ...field('os_hidden', FLAGS),
  ...field('name', TEXTS),
  ...created('create property', { ...TEXTS, '65535 characters': 'v'.repeat(65_535), object: { a: 1 } }, (value) => ({
    os_note: value,
  })),
  ...field('id', {
    text: 'x',
    number: 5,
    null: null,
    'upper case': '{{upper image upper}}',
    'without dashes': '{{bare image bare}}',
    braces: `{ ${imageId('braces')} }`,
    'too long': `${imageId('long')}0`,
  }),
  ...field('owner', {
    own: '{{project demo}}',
    other: '{{project other}}',
    null: null,
    empty: '',
    'too long': 'o'.repeat(256),
    number: 1,
  }),
  { name: 'create owner: other, as admin', as: 'admin', ...IMAGES, body: { owner: '{{project other}}' } },
  ...field('visibility', {
    public: 'public',
    private: 'private',
    shared: 'shared',
    community: 'community',
    unknown: 'all',
    null: null,
    'upper case': 'PRIVATE',
  }),
  {
    name: 'create visibility: public, as admin',
    as: 'admin',
    ...IMAGES,
    body: { visibility: 'public', id: imageId('public'), suite: '{{run}}' },
  },
  ...field('disk_format', { known: 'vhdx', unknown: 'qcow3', null: null, empty: '', 'upper case': 'QCOW2', number: 1 }),
  ...field('container_format', { known: 'ova', compressed: 'compressed', unknown: 'zip', null: null, empty: '' }),
  ...field('tags', {
    none: [],
    twice: ['a', 'a'],
    null: null,
    text: 'a',
    numbers: [1],
    'empty text': [''],
    '255 characters': ['t'.repeat(255)],
    '256 characters': ['t'.repeat(256)],
    'four bytes': [EMOJI],
    'two bytes': ['ü'],
    slash: ['a/b'],
    'too many': Array.from({ length: 129 }, (_, index) => `t${index}`),
  }),
  ...created(
    'create read-only',
    byKey(
      [
        'status',
        'size',
        'virtual_size',
        'checksum',
        'os_hash_algo',
        'os_hash_value',
        'created_at',
        'updated_at',
        'self',
        'file',
        'schema',
        'stores',
        'direct_url',
      ],
      null,
    ),
    (body) => body,
  ),
  ...created(
    'create read-only',
    {
      'status text': { status: 'active' },
      'size number': { size: 5 },
      'checksum text': { checksum: 'abc' },
      'created_at text': { created_at: '2026-01-01T00:00:00Z' },
      'stores text': { stores: 'fast' },
      'self text': { self: '/x' },
    },
    (body) => body,
  ),
  ...created(
    'create reserved',
    byKey(
      [
        'location',
        'deleted',
        'deleted_at',
        'os_glance_x',
        'os_glance',
        'os_glancefoo',
        'OS_GLANCE_X',
        'os_glance_import_task',
      ],
      'x',
    ),
    (body) => body,
  ),
  ...created(
    'create locations',
    {
      none: { locations: [] },
      one: { locations: [{ url: 'http://127.0.0.1/x', metadata: {} }] },
      text: { locations: 'x' },
      'no metadata': { locations: [{ url: 'x' }] },
    },
    (body) => body,
  ),
  ...created(
    'create property named',
    {
      nothing: { '': 'x' },
      '255 characters': { ['k'.repeat(255)]: 'x' },
      '256 characters': { ['k'.repeat(256)]: 'x' },
      'four bytes': { [EMOJI]: 'x' },
      'two bytes': { größe: 'x' },
      slash: { 'a/b': 'x' },
      properties: { properties: 'x' },
      metadata: { metadata: 'x' },
      constructor: { constructor: 'x' },
      image_id: { image_id: 'x' },
      members: { members: 'x' },
      kernel_id: { kernel_id: null },
    },
    (body) => body,
  ),
  {
    name: 'create property: too many',
    ...IMAGES,
    body: Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`p${index}`, 'x'])),
  },
  { name: 'create: two mistakes', ...IMAGES, body: { name: 5, min_ram: 'x' } },
  ...each(
    'create body',
    {
      nothing: '',
      null: 'null',
      list: '[]',
      'list of a number': '[1]',
      'list of an object': '[{"name": "a"}]',
      number: '1',
      text: '"x"',
      'text with a key': '"a name"',
      boolean: 'true',
      cut: '{"name": "a"',
      'not a number': '{"min_disk": NaN}',
      infinity: '{"min_disk": Infinity}',
      'comma too many': '{"name": "a",}',
      'a float that is whole': '{"min_disk": 1.0}',
      'a name twice': '{"name": "a", "name": "b"}',
    },
    raw,
  ),
  { name: 'create: as text', ...IMAGES, headers: { 'content-type': 'text/plain' }, body: '{"name": "a"}' },
  {
    name: 'create: as a form',
    ...IMAGES,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'name=a',
  },
  { name: 'create: without a type', ...IMAGES, headers: { 'content-type': '' }, body: '{"name": "a"}' },
  { name: 'create: as a reader', as: 'reader', ...IMAGES, body: { name: 'a' } },
  { name: 'create: as a reader, refused values', as: 'reader', ...IMAGES, body: { min_disk: -1 } },
  { name: 'create: without a token', as: null, ...IMAGES, body: { name: 'a' } },
]
