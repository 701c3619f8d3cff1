import { describe, expect, it } from '@jest/globals'
import { toDecoder, formatIssue, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  GlanceCache,
  GlanceFault,
  GlanceImage,
  GlanceImageList,
  GlanceImportInfo,
  GlanceMemberList,
  GlanceMetadefNamespaceList,
  GlanceMetadefObjectList,
  GlanceMetadefResourceTypeList,
  GlanceSchema,
  GlanceStore,
  GlanceStoreList,
  GlanceTask,
  GlanceTaskList,
  GlanceUsageInfo,
  KeystoneCatalogEnvelope,
  KeystoneFault,
  KeystoneProjectList,
  KeystoneReceiptEnvelope,
  KeystoneTokenEnvelope,
} from '../src/index.ts'

/** The issues and notes of a value; `[]` if it decodes without any. */
const complaints = (codec: t.Mixed, u: unknown): readonly unknown[] => {
  const notes = new Notes()
  const decoded = toDecoder(codec)(u, notes)
  return E.isLeft(decoded) ? decoded.left.map(formatIssue) : notes.list
}

describe('list with invalid records', () => {
  const lists: readonly (readonly [string, t.Mixed])[] = [
    ['images', GlanceImageList],
    ['members', GlanceMemberList],
    ['tasks', GlanceTaskList],
    ['stores', GlanceStoreList],
    ['cached_images', GlanceCache],
    ['namespaces', GlanceMetadefNamespaceList],
    ['objects', GlanceMetadefObjectList],
    ['resource_types', GlanceMetadefResourceTypeList],
    ['projects', KeystoneProjectList],
  ]
  it.each(lists)('decodes %s', (key, codec) => {
    expect(complaints(codec, { [key]: [{ id: 'a' }, { id: 1 }, null, 'x', []] })).toEqual([])
    expect(complaints(codec, {})).toEqual([`/${key}: expected Array<unknown>, got nothing`])
    expect(complaints(codec, { [key]: {} })).toEqual([`/${key}: expected Array<unknown>, got object`])
  })
})

describe('GlanceImage', () => {
  it('accepts a property named properties, null properties, and stores in both formats', () => {
    const image = { id: 'a', properties: 'text', kernel_id: null, os_glance_failed_import: '', stores: 'fast,slow' }
    expect(complaints(GlanceImage, image)).toEqual([])
    expect(complaints(GlanceImage, { ...image, stores: ['fast', 'slow'] })).toEqual([])
  })

  it('keeps the ID if other fields are invalid', () => {
    const notes = new Notes()
    const image = JSON.parse(
      '{"id":"a","size":"big","hw_cpus":4,"tags":["x",null],"__proto__":{},"os_distro":"debian"}',
    )
    expect(toDecoder(GlanceImage)(image, notes)).toEqual(E.right({ id: 'a', os_distro: 'debian' }))
    expect(notes.list.map((note) => `${note.kind} ${note.pointer}`)).toEqual([
      'wrong-type /size',
      'wrong-type /hw_cpus',
      'wrong-type /tags/1',
      'wrong-type /__proto__',
    ])
  })

  it('reports a missing ID at its path', () => {
    expect(complaints(GlanceImage, { name: 'a', size: 'big' })).toEqual(['/id: expected string, got nothing'])
    expect(complaints(GlanceImage, null)).toEqual(['(whole record): expected GlanceImage, got null'])
  })
})

describe('GlanceTask', () => {
  // glance: api-ref/source/v2/samples/image-tasks-show-response.json, shortened.
  const sample = {
    id: 'ee22890e-8948-4ea6-9668-831f973c84f5',
    image_id: 'dddddddd-dddd-dddd-dddd-dddddddddddd',
    'request-id': 'rrrrrrrr-rrrr-rrrr-rrrr-rrrrrrrrrrrr',
    user: 'uuuuuuuu-uuuu-uuuu-uuuu-uuuuuuuuuuuu',
    type: 'api_image_import',
    status: 'processing',
    owner: '64f0efc9955145aeb06f297a8a6fe402',
    expires_at: null,
    created_at: '2020-12-18T05:20:38.000000',
    updated_at: '2020-12-18T05:25:39.000000',
    deleted_at: null,
    deleted: false,
    input: { image_id: '829c729b-ebc4-4cc7-a164-6f43f1149b17', import_req: { method: { name: 'copy-image' } } },
    result: null,
    message: 'Copied 15 MiB',
  }

  it('accepts both spellings and both date formats', () => {
    const { 'request-id': request_id, user: user_id, ...rest } = sample
    expect(complaints(GlanceTask, sample)).toEqual([])
    expect(complaints(GlanceTask, { ...rest, request_id, user_id, created_at: '2020-12-18T05:20:38Z' })).toEqual([])
  })

  it('requires ID and status', () => {
    expect(complaints(GlanceTask, { type: 'import' })).toEqual([
      '/id: expected string, got nothing',
      '/status: expected GlanceTaskStatus, got nothing',
    ])
  })
})

describe('shapes of Glance records', () => {
  it('GlanceStore accepts flags as text', () => {
    expect(complaints(GlanceStore, { id: 'fast', default: 'true', 'read-only': 'true' })).toEqual([])
    expect(complaints(GlanceStore, { id: 'fast', default: true, weight: 0, properties: {} })).toEqual([])
  })

  it('GlanceUsage accepts limits including -1', () => {
    const image_size_total = { usage: 0, limit: -1 }
    expect(
      complaints(GlanceUsageInfo, { usage: { image_size_total, image_count_uploading: { usage: 2, limit: 10 } } }),
    ).toEqual([])
    expect(complaints(GlanceUsageInfo, {})).toEqual(['/usage: expected GlanceUsage, got nothing'])
  })

  it('GlanceImportMethod accepts unknown methods', () => {
    expect(complaints(GlanceImportInfo, { 'import-methods': { value: ['web-download', 'torrent'] } })).toEqual([
      { kind: 'unknown-word', pointer: '/import-methods/value/1', word: 'torrent' },
    ])
  })

  it('GlanceSchema distinguishes properties that the operator documents', () => {
    const schema = {
      name: 'image',
      properties: { id: { type: 'string' }, os_distro: { type: 'string', is_base: false, 'x-more': 1 } },
      additionalProperties: { type: 'string' },
    }
    expect(complaints(GlanceSchema, schema)).toEqual([])
    const decoded = GlanceSchema.decode(schema)
    expect(E.isRight(decoded) ? decoded.right.properties['os_distro']?.is_base : undefined).toBe(false)
  })

  describe('KeystoneToken', () => {
    const expires_at = '2015-11-07T02:58:43.578887Z'

    it('requires the expiry', () => {
      expect(complaints(KeystoneTokenEnvelope, { token: { expires_at } })).toEqual([])
      expect(complaints(KeystoneTokenEnvelope, { token: {} })).toEqual([
        '/token/expires_at: expected date-time, got nothing',
      ])
      expect(complaints(KeystoneTokenEnvelope, { token: { expires_at: 'soon' } })).toEqual([
        '/token/expires_at: expected date-time, got string',
      ])
    })

    it('accepts every scope', () => {
      for (const scope of [
        { system: { all: true } },
        { domain: { id: 'default', name: 'Default' } },
        { 'OS-TRUST:trust': { id: 'a' }, project: { id: 'b' } },
      ]) {
        expect(complaints(KeystoneTokenEnvelope, { token: { expires_at, ...scope } })).toEqual([])
      }
    })

    it('accepts a catalog with incomplete entries', () => {
      const catalog = [
        {
          type: 'image',
          endpoints: [{ interface: 'public', url: 'http://glance', region_id: null }, { url: null }, {}],
        },
        { type: 'compute' },
        { endpoints: [] },
      ]
      expect(complaints(KeystoneTokenEnvelope, { token: { expires_at, catalog } })).toEqual([])
      expect(complaints(KeystoneCatalogEnvelope, { catalog })).toEqual([])
      expect(complaints(KeystoneCatalogEnvelope, {})).toEqual(['/catalog: expected KeystoneCatalog, got nothing'])
    })
  })

  it('KeystoneReceipt includes the missing methods', () => {
    const receipt = {
      methods: ['password'],
      user: { id: 'a', name: 'demo', domain: { id: 'default', name: 'Default' } },
      expires_at: '2026-11-22T15:13:54.000000Z',
      issued_at: '2026-11-22T15:08:54.000000Z',
    }
    expect(complaints(KeystoneReceiptEnvelope, { receipt, required_auth_methods: [['totp', 'password']] })).toEqual([])
    expect(complaints(KeystoneReceiptEnvelope, { receipt })).toEqual([
      '/required_auth_methods: expected Array<Array<string>>, got nothing',
    ])
  })

  it('GlanceFault and KeystoneFault are distinct', () => {
    const glance = { message: 'no', code: '403 Forbidden', title: 'Forbidden' }
    const keystone = { error: { message: 'no', code: 403, title: 'Forbidden' } }
    expect(complaints(GlanceFault, glance)).toEqual([])
    expect(complaints(KeystoneFault, keystone)).toEqual([])
    expect(GlanceFault.is(keystone)).toBe(false)
    expect(KeystoneFault.is(glance)).toBe(false)
  })
})
