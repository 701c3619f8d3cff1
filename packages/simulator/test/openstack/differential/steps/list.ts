import { each, imageId, type Step } from '../step.ts'

/** Only the images of this run: others may use the same cloud. */
const list = (query: string, as?: Step['as']): Omit<Step, 'name'> => ({ path: `/v2/images?suite={{run}}${query === '' ? '' : `&${query}`}`, ...(as === undefined ? {} : { as }) })

const listed = (name: string, queries: readonly string[]): readonly Step[] => queries.map((query) => ({ name: `list ${name}: ${query.length > 80 ? `${query.slice(0, 60)}…` : query}`, ...list(query) }))

export const LIST: readonly Step[] = [
  ...listed('in', ['name=in:data,full', 'name=in:a,,b', 'name=in:,data', 'name=in:data,', 'name=in:', 'name=in:,', 'name=in:"data",full', 'name=in:"a', 'name=in:a"', 'name=in:"a"b', 'name=in:a"b"', 'name=in:"data""full"', 'name=in:"a,b"', 'name=in:""', 'name=in:"",data', 'name=in:%20data', `id=in:${imageId('data')},${imageId('full')}`, 'id=in:x', 'status=in:active,queued', 'status=in:active,nonsense', 'disk_format=in:raw,qcow2', 'container_format=in:bare', 'visibility=in:private,shared', 'tag=in:a,b', 'owner=in:x,y', 'os_distro=in:debian,x', 'checksum=in:a,b']),
  ...listed('operators', ['name=eq:data', 'name=neq:data', 'name=data', 'name=x:data', 'name=eq:', 'name=', 'name=:', 'name=EQ:data', 'name=in', 'name=eq:a:b', 'name=http://x', 'status=eq:active', 'status=nonsense', 'id=x', `id=${imageId('data')}`, `id={{upper image data}}`, 'disk_format=eq:raw', 'disk_format=nonsense', 'container_format=neq:bare']),
  ...listed('sizes', ['size=1200', 'size=abc', 'size_min=1', 'size_min=abc', 'size_min=-1', 'size_min=', 'size_min=1.5', 'size_max=1200', 'size_max=x', 'min_disk=2', 'min_disk_min=1', 'min_ram_max=0', 'min_ram_min=x', 'virtual_size=1', 'size=gt:5', 'virtual_size_max=1']),
  ...listed('dates', ['created_at=2020-01-01T00:00:00Z', 'created_at=gt:2020-01-01T00:00:00Z', 'created_at=lt:2020-01-01', 'created_at=gte:2020-01-01T00:00:00', 'created_at=in:2020-01-01T00:00:00Z', 'created_at=neq:2020-01-01T00:00:00Z', 'created_at=yesterday', 'created_at=gt:yesterday', 'created_at=', 'created_at=gt:', 'updated_at=x:2020-01-01T00:00:00Z', 'updated_at=gt:2020-13-01T00:00:00Z', 'updated_at=2020-01-01T00:00:00%2B02:00', 'created_at=gt:2020-01-01T00:00:00.123Z', 'created_at=gt:20200101T000000Z', 'created_at=GT:2020-01-01T00:00:00Z']),
  ...listed('flags', ['protected=true', 'protected=false', 'protected=True', 'protected=1', 'protected=', 'os_hidden=true', 'os_hidden=TRUE', 'os_hidden=x', 'os_hidden=', 'visibility=private', 'visibility=all', 'visibility=x', 'visibility=', 'visibility=PRIVATE', 'visibility=community', 'member_status=all', 'member_status=x', 'member_status=', 'member_status=pending', 'changes-since=2020-01-01', 'changes-since=', 'deleted=true', 'deleted=x', 'is_public=true', 'is_public=x']),
  ...listed('pages', ['limit=0', 'limit=1', 'limit=-1', 'limit=abc', 'limit=', 'limit=1.5', 'limit=%201%20', 'limit=1_0', 'limit=99999999999999999999', 'limit=1&limit=2', 'marker=x', 'marker=', `marker=${imageId('nobody')}`, `marker=${imageId('data')}&sort=name:asc`]),
  ...listed('order', ['sort=name:asc', 'sort=name', 'sort=name:', 'sort=name:up', 'sort=nonsense', 'sort=', 'sort=name:asc,size:desc', 'sort=name:asc,', 'sort=name:asc,name:desc', 'sort_key=name&sort_dir=asc', 'sort_key=x', 'sort_dir=x', 'sort_key=name&sort_key=size&sort_dir=asc', 'sort_key=name&sort_dir=asc&sort_dir=desc', 'sort_key=name&sort_key=size&sort_dir=asc&sort_dir=desc', 'sort=name&sort_key=name', 'sort=name&sort_dir=asc', 'sort=%20name:asc', 'sort=name:ASC', 'sort_key=owner', 'sort=min_disk:asc', 'sort_key=name&sort_dir=asc&limit=2']),
  ...listed('names', ['tag=a', 'tag=a&tag=b', 'tag=', 'tag=a,b', 'os_distro=debian', 'os_distro=', 'nonsense=x', 'stores=fast', 'self=x', 'file=x', 'locations=x', 'tags=a', 'image_id=x', 'properties=x', 'a=1', 'a', 'owner=x', 'checksum=x', 'os_hash_algo=sha512', 'os_hash_value=x', 'name=%F0%9F%98%80', 'os_distro=%F0%9F%98%80', 'name=%FF', '%FF=a', '%F0%9F%98%80=a', `name=${'n'.repeat(300)}`, `${'k'.repeat(300)}=x`, 'name=data&name=full', 'tag=%F0%9F%98%80', 'deleted_at=x', 'direct_url=x']),
  { name: 'list: as another', ...list('', 'other') },
  { name: 'list: as a reader', ...list('sort=name:asc', 'reader') },
  { name: 'list: as an admin', ...list('sort=name:asc', 'admin') },
  { name: 'list: by post as json', method: 'POST', path: '/v2/images/', body: {} },
  { name: 'list: a slash at the end', path: '/v2/images/?limit=0' },
  { name: 'show: a slash at the end', path: `/v2/images/${imageId('data')}/` },
  { name: 'show: upper case', path: '/v2/images/{{upper image data}}' },
  { name: 'show: without dashes', path: '/v2/images/{{bare image data}}' },
  { name: 'show: not an id', path: '/v2/images/not-an-id' },
  { name: 'show: markup', path: '/v2/images/%3Cb%3E' },
  { name: 'show: an encoded slash', path: '/v2/images/a%2Fb' },
  { name: 'show: not UTF-8', path: '/v2/images/%FF' },
  { name: 'show: four bytes', path: '/v2/images/%F0%9F%98%80' },
  { name: 'show: as another', path: `/v2/images/${imageId('data')}`, as: 'other' },
  ...each('show accept', { html: 'text/html', all: '*/*', text: 'text/plain', xml: 'application/xml', none: '', 'json first': 'application/json, */*;q=0.5' }, (accept) => ({ path: `/v2/images/${imageId('nobody')}`, headers: { accept } })),
]
