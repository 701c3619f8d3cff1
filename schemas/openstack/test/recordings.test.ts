import { describe, expect, it } from '@jest/globals'
import { toDecoder, formatIssue, Notes } from '@imago/codec'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import {
  GlanceCache,
  GlanceCachedImage,
  GlanceFault,
  GlanceImage,
  GlanceImageList,
  GlanceImportInfo,
  GlanceMember,
  GlanceMemberList,
  GlanceMetadefNamespace,
  GlanceMetadefNamespaceList,
  GlanceMetadefObject,
  GlanceMetadefObjectList,
  GlanceMetadefPropertyList,
  GlanceMetadefResourceType,
  GlanceMetadefResourceTypeList,
  GlanceSchema,
  GlanceStore,
  GlanceStoreList,
  GlanceTask,
  GlanceTaskList,
  GlanceUsageInfo,
  GlanceVersions,
  KeystoneCatalogEnvelope,
  KeystoneFault,
  KeystoneProject,
  KeystoneProjectList,
  KeystoneTokenEnvelope,
  KeystoneVersion,
  KeystoneVersions,
} from '../src/index.ts'
import { findContentType, recordings, type Recording } from './recordings.ts'

/** The responses that a codec reads; `elements` reads the records in a list. */
interface Row {
  readonly service: Recording['service']
  readonly path: RegExp
  readonly statuses: readonly number[]
  readonly codec: t.Mixed
  readonly elements?: readonly [key: string, codec: t.Mixed]
}

const row = (
  service: Recording['service'],
  path: RegExp,
  statuses: readonly number[],
  codec: t.Mixed,
  ...elements: (Row['elements'] & {}) | []
): Row => (elements.length === 2 ? { service, path, statuses, codec, elements } : { service, path, statuses, codec })

const ok = [200, 201]
const rows: readonly Row[] = [
  row('keystone', /^\/$/, [300], KeystoneVersions),
  row('keystone', /^\/v3$/, ok, KeystoneVersion),
  row('keystone', /^\/v3\/auth\/tokens(\?nocatalog)?$/, ok, KeystoneTokenEnvelope),
  row('keystone', /^\/v3\/auth\/catalog$/, ok, KeystoneCatalogEnvelope),
  row('keystone', /^\/v3\/auth\/projects$/, ok, KeystoneProjectList, 'projects', KeystoneProject),
  row('glance', /^\/versions$/, [200], GlanceVersions),
  row('glance', /^\/($|images$|v1\/|v99\/)/, [300], GlanceVersions),
  row('glance', /^\/v2\/schemas\//, ok, GlanceSchema),
  row('glance', /^\/v2\/info\/import$/, ok, GlanceImportInfo),
  row('glance', /^\/v2\/info\/stores(\/detail)?$/, ok, GlanceStoreList, 'stores', GlanceStore),
  row('glance', /^\/v2\/info\/usage$/, ok, GlanceUsageInfo),
  row('glance', /^\/v2\/images(\?.*)?$/, [200], GlanceImageList, 'images', GlanceImage),
  row('glance', /^\/v2\/images$/, [201], GlanceImage),
  row('glance', /^\/v2\/images\/[^/]+$/, ok, GlanceImage),
  row('glance', /^\/v2\/images\/[^/]+\/members$/, ok, GlanceMemberList, 'members', GlanceMember),
  row('glance', /^\/v2\/images\/[^/]+\/members\/[^/]+$/, ok, GlanceMember),
  row('glance', /^\/v2\/images\/[^/]+\/tasks$/, ok, GlanceTaskList, 'tasks', GlanceTask),
  row('glance', /^\/v2\/tasks\?.*$/, [200], GlanceTaskList, 'tasks', GlanceTask),
  row('glance', /^\/v2\/tasks(\/[^/]+)?$/, ok, GlanceTask),
  row('glance', /^\/v2\/cache$/, ok, GlanceCache, 'cached_images', GlanceCachedImage),
  row(
    'glance',
    /^\/v2\/metadefs\/namespaces\?.*$/,
    [200],
    GlanceMetadefNamespaceList,
    'namespaces',
    GlanceMetadefNamespace,
  ),
  row('glance', /^\/v2\/metadefs\/namespaces(\/[^/?]+)?$/, ok, GlanceMetadefNamespace),
  row(
    'glance',
    /^\/v2\/metadefs\/resource_types$/,
    ok,
    GlanceMetadefResourceTypeList,
    'resource_types',
    GlanceMetadefResourceType,
  ),
  row('glance', /^\/v2\/metadefs\/namespaces\/[^/]+\/properties$/, ok, GlanceMetadefPropertyList),
  row(
    'glance',
    /^\/v2\/metadefs\/namespaces\/[^/]+\/objects\?.*$/,
    ok,
    GlanceMetadefObjectList,
    'objects',
    GlanceMetadefObject,
  ),
  row('glance', /./, [400, 401, 403, 404, 405, 409], GlanceFault),
  row('keystone', /./, [400, 401, 403], KeystoneFault),
]

// PUT for a member returns the member, as does POST to the list; the path alone does not show that.
const memberAdded = row('glance', /\/members$/, [200], GlanceMember)

const rowFor = ({ service, request, response }: Recording): Row | undefined =>
  request.method === 'POST' && memberAdded.path.test(request.path)
    ? memberAdded
    : rows.find(
        (candidate) =>
          candidate.service === service &&
          candidate.path.test(request.path) &&
          candidate.statuses.includes(response.status),
      )

const isJson = (recording: Recording): boolean => findContentType(recording)?.startsWith('application/json') === true
const json = recordings.filter(isJson)

/** The issues and notes of a value; empty if it decodes without any. */
const complaints = (codec: t.Mixed, u: unknown): readonly unknown[] => {
  const notes = new Notes()
  const decoded = toDecoder(codec)(u, notes)
  return E.isLeft(decoded) ? decoded.left.map(formatIssue) : notes.list
}

describe('recordings of real servers', () => {
  it('every JSON recording has a row', () => {
    expect(json.length).toBeGreaterThan(120)
    expect(json.filter((recording) => rowFor(recording) === undefined).map((recording) => recording.file)).toEqual([])
  })

  it('every row matches a recording', () => {
    const used = new Set(json.map(rowFor))
    expect(
      [...rows, memberAdded]
        .filter((candidate) => !used.has(candidate))
        .map((candidate) => `${candidate.service} ${candidate.path.source}`),
    ).toEqual([])
  })

  it('other recordings contain only errors, image data, or nothing', () => {
    const others = recordings.filter((recording) => !isJson(recording) && recording.response.status < 400)
    expect(
      others
        .filter(({ response }) => response.body !== null && !Object.hasOwn(Object(response.body), '$binary'))
        .map(({ file }) => file),
    ).toEqual([])
  })

  describe('recordings decode without issues, unknown keys or values, or wrong types', () => {
    it.each(json.map((recording) => [recording.file, recording] as const))('%s', (_, recording) => {
      const found = rowFor(recording)
      const { body } = recording.response
      expect(found === undefined ? ['no row'] : complaints(found.codec, body)).toEqual([])
      if (found?.elements !== undefined) {
        const [key, codec] = found.elements
        const elements = (body as Readonly<Record<string, readonly unknown[]>>)[key] ?? []
        expect(elements.flatMap((element) => complaints(codec, element))).toEqual([])
      }
    })
  })

  it('every list codec reads at least one record', () => {
    const counts = new Map<string, number>()
    for (const recording of json) {
      const key = rowFor(recording)?.elements?.[0]
      if (key === undefined) continue
      const elements = (recording.response.body as Readonly<Record<string, readonly unknown[]>>)[key] ?? []
      counts.set(key, (counts.get(key) ?? 0) + elements.length)
    }
    expect([...counts].filter(([, count]) => count === 0)).toEqual([])
  })
})
