import { each, imageId, type Step } from '../step.ts'

const act = (name: string, action: string, as?: Step['as']): Omit<Step, 'name'> => ({ method: 'POST', path: `/v2/images/${imageId(name)}/actions/${action}`, ...(as === undefined ? {} : { as }) })

const PATCH = { 'content-type': 'application/openstack-images-v2.1-json-patch' }

export const OTHERS: readonly Step[] = [
  { name: 'action: deactivate', ...act('data', 'deactivate') },
  { name: 'action: deactivate again', ...act('data', 'deactivate') },
  { name: 'action: data of a deactivated image', path: `/v2/images/${imageId('data')}/file` },
  { name: 'action: show a deactivated image', path: `/v2/images/${imageId('data')}` },
  { name: 'action: data of a deactivated image, as admin', path: `/v2/images/${imageId('data')}/file`, as: 'admin' },
  { name: 'action: as another', ...act('data', 'reactivate', 'other') },
  { name: 'action: as a reader', ...act('data', 'reactivate', 'reader') },
  { name: 'action: reactivate', ...act('data', 'reactivate') },
  { name: 'action: deactivate a queued image', ...act('tagged', 'deactivate') },
  { name: 'action: reactivate a queued image', ...act('tagged', 'reactivate') },
  { name: 'action: no such image', ...act('nobody', 'deactivate') },
  { name: 'action: unknown', ...act('data', 'explode') },
  { name: 'action: get', path: `/v2/images/${imageId('data')}/actions/deactivate` },
  { name: 'delete: protect', method: 'PATCH', path: `/v2/images/${imageId('full')}`, headers: PATCH, body: JSON.stringify([{ op: 'replace', path: '/protected', value: true }]) },
  { name: 'delete: protected', method: 'DELETE', path: `/v2/images/${imageId('full')}` },
  { name: 'delete: unprotect', method: 'PATCH', path: `/v2/images/${imageId('full')}`, headers: PATCH, body: JSON.stringify([{ op: 'replace', path: '/protected', value: false }]) },
  { name: 'delete: as another', method: 'DELETE', path: `/v2/images/${imageId('full')}`, as: 'other' },
  { name: 'delete: as a reader', method: 'DELETE', path: `/v2/images/${imageId('full')}`, as: 'reader' },
  { name: 'delete: a public image', method: 'DELETE', path: `/v2/images/${imageId('public')}` },
  { name: 'delete: good', method: 'DELETE', path: `/v2/images/${imageId('full')}` },
  { name: 'delete: again', method: 'DELETE', path: `/v2/images/${imageId('full')}` },
  { name: 'delete: its id, made again', method: 'POST', path: '/v2/images', body: { id: imageId('full') } },
  { name: 'delete: not an id', method: 'DELETE', path: '/v2/images/not-an-id' },
  ...each('method', { 'put images': ['PUT', '/v2/images'], 'delete images': ['DELETE', '/v2/images'], 'patch images': ['PATCH', '/v2/images'], 'head images': ['HEAD', '/v2/images'], 'put image': ['PUT', `/v2/images/${imageId('data')}`], 'post image': ['POST', `/v2/images/${imageId('data')}`], 'head image': ['HEAD', `/v2/images/${imageId('data')}`], 'post schema': ['POST', '/v2/schemas/image'], 'options images': ['OPTIONS', '/v2/images'], 'put members': ['PUT', `/v2/images/${imageId('data')}/members`], 'post stores': ['POST', '/v2/info/stores'] } as Readonly<Record<string, readonly [string, string]>>, ([method, path]) => ({ method, path })),
  ...each('route', { 'unknown below v2': '/v2/nonsense', 'below an image': `/v2/images/${imageId('data')}/nonsense`, 'unknown version': '/v9/images', 'no version': '/images', 'v1': '/v1/images', root: '/', versions: '/versions', v2: '/v2', 'v2 with a slash': '/v2/', 'v2.5': '/v2.5/images?limit=0', 'unknown schema': '/v2/schemas/nonsense', 'doubled slash': '/v2//images', 'doubled version': '/v2/v2/images', health: '/healthcheck', 'info import': '/v2/info/import', 'info stores': '/v2/info/stores', 'info usage': '/v2/info/usage', 'info stores detail': '/v2/info/stores/detail' }, (path) => ({ path })),
  { name: 'route: unknown, without a token', path: '/v2/nonsense', as: null },
]
