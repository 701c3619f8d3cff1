import { describe, expect, it } from '@jest/globals'
import { LIST_KEYS, findRecords } from '../../src/reader/records.ts'

const A = { id: 1, name: 'a' }
const B = { id: 2, name: 'b' }

const found = (document: unknown): unknown => findRecords(document).map(({ record, pointer }) => [pointer, record])

describe('findRecords', () => {
  it.each([
    ['a bare record', A, [['', A]]],
    [
      'a bare list',
      [A, B],
      [
        ['/0', A],
        ['/1', B],
      ],
    ],
    [
      'a page',
      { images: [A, B], meta: { pagination: {} } },
      [
        ['/images/0', A],
        ['/images/1', B],
      ],
    ],
    ['an empty page', { images: [], first: '/v2/images' }, []],
    ['one image', { image: A }, [['/image', A]]],
    [
      'an image with its action as one record',
      { image: A, action: { id: 3, command: 'create_image' } },
      [['', { image: A, action: { id: 3, command: 'create_image' } }]],
    ],
    [
      'a registered result of Ansible',
      { changed: false, failed: false, hcloud_image_info: [A] },
      [['/hcloud_image_info/0', A]],
    ],
    [
      'facts of Ansible’s older modules',
      { changed: false, ansible_facts: { openstack_image: A } },
      [['/ansible_facts/openstack_image', A]],
    ],
    [
      'Ansible’s openstack.cloud.image_info',
      { changed: false, images: [A, B] },
      [
        ['/images/0', A],
        ['/images/1', B],
      ],
    ],
    [
      'a loop of Ansible',
      {
        changed: false,
        results: [
          { item: 1, changed: false, images: [A] },
          { item: 2, skipped: true, changed: false },
          { item: 3, image: B, changed: true },
        ],
      },
      [
        ['/results/0/images/0', A],
        ['/results/2/image', B],
      ],
    ],
    ['a server with its image', { server: { id: 9, server_type: {}, image: A } }, [['/server/image', A]]],
    [
      'a new server',
      { server: { id: 9, server_type: {}, image: A }, action: {}, root_password: null },
      [['/server/image', A]],
    ],
    [
      'servers with their images',
      {
        servers: [
          { id: 8, server_type: {}, image: A },
          { id: 9, server_type: {}, image: B },
        ],
      },
      [
        ['/servers/0/image', A],
        ['/servers/1/image', B],
      ],
    ],
    [
      'a server whose image was deleted',
      {
        servers: [
          { id: 8, server_type: {}, image: null },
          { id: 9, server_type: {}, image: B },
        ],
      },
      [['/servers/1/image', B]],
    ],
    ['a bare server', { id: 9, server_type: {}, image: A }, [['/image', A]]],
    [
      'images and servers, in the order of the document',
      { servers: [{ id: 9, server_type: {}, image: A }], images: [B], volumes: [] },
      [
        ['/servers/0/image', A],
        ['/images/0', B],
      ],
    ],
    [
      'pages in a list',
      [{ images: [A] }, { images: [B] }],
      [
        ['/0/images/0', A],
        ['/1/images/0', B],
      ],
    ],
    [
      'lists in a list',
      [[A], [[B]]],
      [
        ['/0/0', A],
        ['/1/0/0', B],
      ],
    ],
    [
      'values that are not records',
      [null, 'text', 5],
      [
        ['/0', null],
        ['/1', 'text'],
        ['/2', 5],
      ],
    ],
    [
      'a page with an element that is not a record',
      { images: [A, null] },
      [
        ['/images/0', A],
        ['/images/1', null],
      ],
    ],
  ])('finds the records of %s', (_, document, expected) => expect(found(document)).toEqual(expected))

  it.each([null, true, 5, 'text', {}])('returns %j as one record', (document) =>
    expect(found(document)).toEqual([['', document]]),
  )
  it('returns nothing for an empty list', () => expect(found([])).toEqual([]))
})

describe('findRecords with documents of stacks', () => {
  const G = { id: 'a', disk_format: 'raw', name: 'g' }
  const H = { id: 5, os_flavor: 'debian' }
  const server = { id: 's', flavor_name: 'm1', image_id: 'a' }

  it.each([
    [
      'terraform show -json, with modules',
      {
        format_version: '1.0',
        terraform_version: '1.9.0',
        values: {
          outputs: {},
          root_module: {
            resources: [
              { address: 'x', type: 'openstack_compute_instance_v2', values: server },
              { address: 'y', mode: 'data', type: 'openstack_images_image_v2', values: G },
            ],
            child_modules: [{ address: 'module.m', resources: [{ type: 'hcloud_image', values: H }] }],
          },
        },
      },
      [
        ['/values/root_module/resources/1/values', G],
        ['/values/root_module/child_modules/0/resources/0/values', H],
      ],
    ],
    [
      'the prior state of a plan',
      {
        format_version: '1.2',
        planned_values: { root_module: { resources: [{ type: 'openstack_images_image_v2', values: G }] } },
        prior_state: {
          format_version: '1.0',
          values: { root_module: { resources: [{ type: 'hcloud_image', values: H }] } },
        },
      },
      [['/prior_state/values/root_module/resources/0/values', H]],
    ],
    [
      'a state of version 4',
      {
        version: 4,
        terraform_version: '1.9.0',
        serial: 3,
        lineage: 'l',
        outputs: {},
        resources: [
          { mode: 'data', type: 'hcloud_images', instances: [{ attributes: { id: 'hash', images: [H] } }] },
          { type: 'hcloud_snapshot', instances: [{ attributes: { id: '7', server_id: 1 } }] },
        ],
      },
      [
        ['/resources/0/instances/0/attributes/images/0', H],
        ['/resources/1/instances/0/attributes', { id: '7', server_id: 1 }],
      ],
    ],
    [
      'terraform output -json',
      { one: { sensitive: false, type: 'string', value: 'text' }, two: { value: { m: G, n: [H] } } },
      [
        ['/two/value/m', G],
        ['/two/value/n/0', H],
      ],
    ],
    [
      'pulumi stack export',
      {
        version: 3,
        deployment: {
          manifest: {},
          resources: [
            { urn: 'u', type: 'pulumi:pulumi:Stack', outputs: { mine: { id: 5, osFlavor: 'debian' } } },
            {
              urn: 'v',
              type: 'openstack:images/image:Image',
              inputs: { diskFormat: 'raw' },
              outputs: { id: 'a', diskFormat: 'raw' },
            },
            { urn: 'w', type: 'random:index:Id', outputs: { id: 'x' } },
          ],
        },
      },
      [
        ['/deployment/resources/0/outputs/mine', { id: 5, osFlavor: 'debian' }],
        ['/deployment/resources/1/outputs', { id: 'a', diskFormat: 'raw' }],
      ],
    ],
    ['pulumi stack output --json', { mine: H, count: 3 }, [['/mine', H]]],
    ['a variable that Ansible prints', { found: { changed: false, images: [G] } }, [['/found/images/0', G]]],
    [
      'Ansible’s JSON callback',
      { plays: [{ tasks: [{ hosts: { localhost: { changed: false, hcloud_image_info: [H] } } }] }], stats: {} },
      [['/plays/0/tasks/0/hosts/localhost/hcloud_image_info/0', H]],
    ],
  ])('finds the records of %s', (_, document, expected) => expect(found(document)).toEqual(expected))

  it.each([
    [
      'a state without images',
      {
        version: 4,
        terraform_version: '1.9.0',
        resources: [{ type: 'openstack_compute_instance_v2', instances: [{ attributes: server }] }],
      },
    ],
    [
      'a record with properties named like those of an image',
      { schema: '/v2/schemas/image', properties: { os_flavor: 'x' } },
    ],
    ['a stack without images', { version: 3, deployment: { resources: [] } }],
  ])('returns %s as one record', (_, document) => expect(found(document)).toEqual([['', document]]))
})

describe('findRecords with fields named like an envelope', () => {
  const nova = { id: 'x', status: 'ACTIVE', server: { id: 's', links: [] } }

  it.each([
    ['Nova’s image with a server', { images: [nova] }, [['/images/0', nova]]],
    ['a record with an ID and an image', { id: 'x', image: { id: 'y' } }, [['', { id: 'x', image: { id: 'y' } }]]],
    ['a record with a property image', { id: 'x', image: 'text' }, [['', { id: 'x', image: 'text' }]]],
    ['a record with a property images', { id: 'x', images: 'text' }, [['', { id: 'x', images: 'text' }]]],
    ['an object instead of a list', { images: { id: 1 } }, [['', { images: { id: 1 } }]]],
    ['a list instead of a record', { image: [A] }, [['', { image: [A] }]]],
    ['null instead of an image', { image: null }, [['', { image: null }]]],
  ])('returns %s', (_, document, expected) => expect(found(document)).toEqual(expected))

  it('ignores inherited keys', () => {
    const document = Object.create({ images: [A] }) as object
    expect(found(document)).toEqual([['', document]])
  })
})

describe('records of a document', () => {
  it('LIST_KEYS are the keys whose elements a stream returns one by one', () =>
    expect([...LIST_KEYS]).toEqual([
      'images',
      'servers',
      'hcloud_image_info',
      'hcloud_image_facts',
      'openstack_images',
    ]))
})
