import { each, imageId, type Step } from '../step.ts'

const FILE = `/v2/images/${imageId('data')}/file`

const BYTES = Buffer.from(Array.from({ length: 1200 }, (_, index) => 65 + (index % 26)))

const put = (headers: Readonly<Record<string, string>>, body: unknown = BYTES, name = 'data'): Omit<Step, 'name'> => ({ method: 'PUT', path: `/v2/images/${imageId(name)}/file`, headers: { 'content-type': 'application/octet-stream', ...headers }, body })

const image = (name: string, more: Readonly<Record<string, unknown>> = {}): Step => ({ name: `data: an image ${name}`, method: 'POST', path: '/v2/images', body: { id: imageId(name), name, disk_format: 'raw', container_format: 'bare', suite: '{{run}}', ...more } })

export const DATA: readonly Step[] = [
  image('data'),
  image('bare', { disk_format: null, container_format: null }),
  image('staged'),
  image('empty'),
  { name: 'data get: queued', path: FILE },
  { name: 'data get: queued, a range', path: FILE, headers: { range: 'bytes=0-1' } },
  { name: 'data put: no formats', ...put({}, BYTES, 'bare') },
  ...each('data put type', { none: '', json: 'application/json', text: 'text/plain', 'x-tar': 'application/x-tar' }, (type) => put({ 'content-type': type })),
  ...each('data put store', { unknown: 'nowhere', empty: '', 'upper case': 'FAST' }, (store) => put({ 'x-image-meta-store': store })),
  ...each('data put size', { 'too small': '5', 'too large': '5000', text: 'abc' }, (size) => put({ 'x-openstack-image-size': size })),
  { name: 'data put: as another', ...put({}), as: 'other' },
  { name: 'data put: as a reader', ...put({}), as: 'reader' },
  { name: 'data put: no such image', ...put({}, BYTES, 'nobody') },
  { name: 'data: still queued', path: `/v2/images/${imageId('data')}` },
  { name: 'data put: good', ...put({ 'content-type': 'application/octet-stream; charset=binary', 'x-openstack-image-size': '1200' }) },
  { name: 'data put: again', ...put({}) },
  { name: 'data put: nothing', ...put({}, Buffer.alloc(0), 'empty') },
  { name: 'data: active', path: `/v2/images/${imageId('data')}` },
  { name: 'data: active, empty', path: `/v2/images/${imageId('empty')}` },
  { name: 'data get: all', path: FILE },
  { name: 'data get: empty', path: `/v2/images/${imageId('empty')}/file` },
  { name: 'data get: empty, a range', path: `/v2/images/${imageId('empty')}/file`, headers: { range: 'bytes=0-1' } },
  { name: 'data get: as another', path: FILE, as: 'other' },
  { name: 'data get: as a reader', path: FILE, as: 'reader' },
  ...each('data range', {
    start: 'bytes=0-9', middle: 'bytes=2-9', open: 'bytes=1190-', suffix: 'bytes=-10', 'suffix of all': 'bytes=-5000', 'suffix of none': 'bytes=-0', 'beyond the end': 'bytes=1190-5000', 'past the end': 'bytes=1200-', backwards: 'bytes=9-2',
    two: 'bytes=0-1,3-4', 'no unit': '0-9', 'unknown unit': 'items=0-9', words: 'bytes=a-b', none: 'bytes=-', blanks: 'bytes = 0 - 9', 'blanks inside': 'bytes= 0-9', 'upper case': 'Bytes=0-9', 'all of it': 'bytes=0-1199', 'one byte': 'bytes=5-5',
  }, (range) => ({ path: FILE, headers: { range } })),
  ...each('data content-range', {
    good: 'bytes 2-9/1200', 'another length': 'bytes 2-9/1200000', 'unknown length': 'bytes 2-9/*', 'all of it': 'bytes 0-1199/1200', backwards: 'bytes 9-2/1200', 'beyond the end': 'bytes 2-5000/1200', 'beyond a larger end': 'bytes 2-5000/6000', 'past the end': 'bytes 1200-1300/6000', words: 'bytes a-b/c', 'as a range': 'bytes=2-9', none: 'bytes */1200', empty: '', 'unknown unit': 'items 2-9/1200', 'one byte': 'bytes 5-5/1200',
  }, (range) => ({ path: FILE, headers: { 'content-range': range } })),
  { name: 'data both ranges', path: FILE, headers: { range: 'bytes=0-1', 'content-range': 'bytes 4-9/1200' } },
  { name: 'data get: if-range', path: FILE, headers: { range: 'bytes=0-1', 'if-range': '"x"' } },
  { name: 'data head', method: 'HEAD', path: FILE },
  { name: 'data post', method: 'POST', path: FILE, body: BYTES, headers: { 'content-type': 'application/octet-stream' } },
  { name: 'data delete', method: 'DELETE', path: FILE },
  { name: 'data: format of an active image', method: 'PATCH', path: `/v2/images/${imageId('data')}`, headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' }, body: JSON.stringify([{ op: 'replace', path: '/disk_format', value: 'qcow2' }]) },
  { name: 'data: locations of an active image', method: 'PATCH', path: `/v2/images/${imageId('data')}`, headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' }, body: JSON.stringify([{ op: 'replace', path: '/locations', value: [] }]) },
  { name: 'data: the last location', method: 'PATCH', path: `/v2/images/${imageId('data')}`, headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' }, body: JSON.stringify([{ op: 'remove', path: '/locations/0' }]) },
  { name: 'stage: good', method: 'PUT', path: `/v2/images/${imageId('staged')}/stage`, headers: { 'content-type': 'application/octet-stream' }, body: BYTES },
  { name: 'stage: again', method: 'PUT', path: `/v2/images/${imageId('staged')}/stage`, headers: { 'content-type': 'application/octet-stream' }, body: BYTES },
  { name: 'stage: an active image', method: 'PUT', path: `/v2/images/${imageId('data')}/stage`, headers: { 'content-type': 'application/octet-stream' }, body: BYTES },
  { name: 'stage: no formats', method: 'PUT', path: `/v2/images/${imageId('bare')}/stage`, headers: { 'content-type': 'application/octet-stream' }, body: BYTES },
  { name: 'stage: as json', method: 'PUT', path: `/v2/images/${imageId('staged')}/stage`, body: {} },
  { name: 'stage: get', path: `/v2/images/${imageId('staged')}/stage` },
  { name: 'stage: what is shown', path: `/v2/images/${imageId('staged')}` },
  { name: 'data put: a staged image', ...put({}, BYTES, 'staged') },
]
