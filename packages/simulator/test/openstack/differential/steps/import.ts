import { each, imageId, type Step } from '../step.ts'

const start = (name: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Omit<Step, 'name'> => ({
  method: 'POST',
  path: `/v2/images/${imageId(name)}/import`,
  headers,
  body,
})

const web = (uri: unknown): unknown => ({ method: { name: 'web-download', uri } })

/** Whether no import is running. */
const isIdle = (image: Readonly<Record<string, unknown>>): boolean =>
  image['os_glance_import_task'] === undefined && image['status'] !== 'importing'

const image = (name: string, more: Readonly<Record<string, unknown>> = {}): Step => ({
  name: `import: an image ${name}`,
  method: 'POST',
  path: '/v2/images',
  body: { id: imageId(name), name, disk_format: 'raw', container_format: 'bare', suite: '{{run}}', ...more },
})

export const IMPORT: readonly Step[] = [
  image('imported'),
  image('bare2', { disk_format: null, container_format: null }),
  image('bare3', { disk_format: null }),
  ...each(
    'import body',
    {
      nothing: '',
      null: null,
      object: {},
      list: [],
      'list of one': [1],
      number: 1,
      text: '"x"',
      'method null': { method: null },
      'method text': { method: 'web-download' },
      'method list': { method: [] },
      'no name': { method: {} },
      'name null': { method: { name: null } },
      'name number': { method: { name: 1 } },
      'unknown name': { method: { name: 'glance-teleport' } },
      'upper case': { method: { name: 'WEB-DOWNLOAD' } },
      cut: '{"method":',
    },
    (body) => start('imported', body, typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
  ),
  ...each(
    'import web-download',
    {
      'no uri': undefined,
      null: null,
      empty: '',
      number: 5,
      'file scheme': 'file:///etc/passwd',
      'no scheme': '127.0.0.1/x',
      'ftp scheme': 'ftp://127.0.0.1/x',
      'no host': 'http:///x',
      'a refused host': 'http://169.254.169.254/x',
      'upper case scheme': 'HTTP://169.254.169.254/',
    },
    (uri) => start('imported', web(uri)),
  ),
  ...each(
    'import stores',
    {
      unknown: { stores: ['nowhere'] },
      'one unknown': { stores: ['fast', 'nowhere'] },
      'with all': { stores: ['fast'], all_stores: true },
      text: { stores: 'fast' },
      'all stores text': { all_stores: 'yes' },
      'must succeed text': { all_stores_must_succeed: 'x' },
    },
    (more) => start('imported', { ...(web('http://169.254.169.254/x') as object), ...more }),
  ),
  {
    name: 'import: store in the header',
    ...start('imported', web('http://169.254.169.254/x'), { 'x-image-meta-store': 'nowhere' }),
  },
  ...each(
    'import glance-download',
    {
      'no region': { glance_image_id: imageId('data') },
      'no image': { glance_region: 'RegionOne' },
      'no image id': { glance_region: 'RegionOne', glance_image_id: 'x' },
      empty: {},
    },
    (more) => start('imported', { method: { name: 'glance-download', ...more } }),
  ),
  { name: 'import glance-direct: not staged', ...start('imported', { method: { name: 'glance-direct' } }) },
  { name: 'import copy-image: queued', ...start('imported', { method: { name: 'copy-image' }, stores: ['slow'] }) },
  { name: 'import copy-image: not an admin', ...start('data', { method: { name: 'copy-image' }, stores: ['slow'] }) },
  {
    name: 'import copy-image: already there',
    ...start('data', { method: { name: 'copy-image' }, stores: ['fast'] }),
    as: 'admin',
  },
  { name: 'import: an active image', ...start('data', web('http://127.0.0.1/x')) },
  { name: 'import: a staged image', ...start('staged', web('http://127.0.0.1/x')) },
  { name: 'import: no formats', ...start('bare2', web('http://127.0.0.1/x')) },
  { name: 'import: no disk format', ...start('bare3', web('http://127.0.0.1/x')) },
  { name: 'import: as another', ...start('imported', web('http://127.0.0.1/x')), as: 'other' },
  { name: 'import: as a reader', ...start('imported', web('http://127.0.0.1/x')), as: 'reader' },
  { name: 'import: as a reader, a mistake', ...start('imported', {}), as: 'reader' },
  { name: 'import: no such image', ...start('nobody', web('http://127.0.0.1/x')) },
  { name: 'import: get', path: `/v2/images/${imageId('imported')}/import` },
  { name: 'import: still queued', path: `/v2/images/${imageId('imported')}` },
  { name: 'import glance-direct: good', ...start('staged', { method: { name: 'glance-direct' } }) },
  { name: 'import glance-direct: what came of it', path: `/v2/images/${imageId('staged')}`, until: isIdle },
  { name: 'import glance-direct: its tasks', path: `/v2/images/${imageId('staged')}/tasks` },
  {
    name: 'import copy-image: good',
    ...start('data', { method: { name: 'copy-image' }, stores: ['slow'] }),
    as: 'admin',
  },
  { name: 'import copy-image: what came of it', path: `/v2/images/${imageId('data')}`, until: isIdle },
  { name: 'stores delete: one of two', method: 'DELETE', path: `/v2/stores/slow/${imageId('data')}`, as: 'admin' },
  { name: 'stores delete: the last', method: 'DELETE', path: `/v2/stores/fast/${imageId('data')}`, as: 'admin' },
  { name: 'stores delete: not there', method: 'DELETE', path: `/v2/stores/slow/${imageId('data')}`, as: 'admin' },
  {
    name: 'stores delete: unknown store',
    method: 'DELETE',
    path: `/v2/stores/nowhere/${imageId('data')}`,
    as: 'admin',
  },
  { name: 'stores delete: unknown image', method: 'DELETE', path: `/v2/stores/fast/${imageId('nobody')}`, as: 'admin' },
  {
    name: 'stores delete: queued image',
    method: 'DELETE',
    path: `/v2/stores/fast/${imageId('imported')}`,
    as: 'admin',
  },
  { name: 'stores delete: not an admin', method: 'DELETE', path: `/v2/stores/fast/${imageId('data')}` },
  { name: 'import web-download: nobody answers', ...start('imported', web('http://127.0.0.1:1/x')) },
  { name: 'import web-download: what came of it', path: `/v2/images/${imageId('imported')}`, until: isIdle },
  { name: 'import web-download: its tasks', path: `/v2/images/${imageId('imported')}/tasks` },
  { name: 'tasks of an image: no such image', path: `/v2/images/${imageId('nobody')}/tasks` },
  { name: 'tasks of an image: as another', path: `/v2/images/${imageId('imported')}/tasks`, as: 'other' },
  { name: 'tasks: not an admin', path: '/v2/tasks' },
  { name: 'tasks: one, not an admin', path: `/v2/tasks/${imageId('nobody')}` },
  { name: 'tasks: one that is not there', path: `/v2/tasks/${imageId('nobody')}`, as: 'admin' },
  ...each(
    'tasks create',
    {
      nothing: {},
      'no input': { type: 'import' },
      'unknown type': { type: 'export', input: {} },
      'input text': { type: 'import', input: 'x' },
      'no location': { type: 'import', input: { import_from_format: 'raw', image_properties: {} } },
      'file scheme': {
        type: 'import',
        input: { import_from: 'file:///etc/passwd', import_from_format: 'raw', image_properties: {} },
      },
    },
    (body) => ({ method: 'POST', path: '/v2/tasks', body, as: 'admin' }),
  ),
  { name: 'tasks create: not an admin', method: 'POST', path: '/v2/tasks', body: { type: 'import', input: {} } },
]
