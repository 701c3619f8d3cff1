import type { ImageResult } from '@imago/core/provider'
import {
  GlanceMetadefNamespace,
  GlanceMetadefObject,
  GlanceMetadefPropertyList,
  GlanceMetadefResourceType,
  GlanceSchemaProperty,
} from '@imago/schema-openstack'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import type { ApiRequest } from '../requests/api-request.ts'
import type { Caller, CallOptions } from './call.ts'
import type { Listed } from './page.ts'
import { pageQuery, type PageParameters } from './tasks.ts'

/** A tag defined by the operator. glance: glance/api/v2/metadef_tags.py, _get_base_properties. */
const GlanceMetadefTag = t.intersection(
  [
    t.type({ name: t.string }),
    t.partial({ created_at: t.unknown, updated_at: t.unknown, self: t.unknown, schema: t.unknown }),
  ],
  'GlanceMetadefTag',
)
export type MetadefTag = t.TypeOf<typeof GlanceMetadefTag>

/** Filters of the namespace list. */
export interface NamespaceParameters extends PageParameters {
  /** Resource types such as `OS::Glance::Image`. */
  readonly resourceTypes?: readonly string[] | undefined
  readonly visibility?: 'public' | 'private' | undefined
}

/** `/v2/metadefs`: the operator's catalog of image properties. Read-only here. */
export interface MetadefsApi {
  readonly namespaces: (
    parameters?: NamespaceParameters,
    options?: CallOptions,
  ) => ImageResult<Listed<GlanceMetadefNamespace>>
  /** A namespace with its properties, objects and tags. With `resourceType`, property names include its prefix. */
  readonly namespace: (
    namespace: string,
    resourceType?: string,
    options?: CallOptions,
  ) => ImageResult<GlanceMetadefNamespace>
  readonly resourceTypes: (options?: CallOptions) => ImageResult<Listed<GlanceMetadefResourceType>>
  readonly listResourceTypes: (
    namespace: string,
    options?: CallOptions,
  ) => ImageResult<Listed<GlanceMetadefResourceType>>
  readonly properties: (
    namespace: string,
    options?: CallOptions,
  ) => ImageResult<GlanceMetadefPropertyList['properties']>
  readonly property: (namespace: string, property: string, options?: CallOptions) => ImageResult<GlanceSchemaProperty>
  readonly objects: (
    namespace: string,
    page?: PageParameters,
    options?: CallOptions,
  ) => ImageResult<Listed<GlanceMetadefObject>>
  readonly object: (namespace: string, object: string, options?: CallOptions) => ImageResult<GlanceMetadefObject>
  readonly tags: (namespace: string, page?: PageParameters, options?: CallOptions) => ImageResult<Listed<MetadefTag>>
  readonly tag: (namespace: string, tag: string, options?: CallOptions) => ImageResult<MetadefTag>
}

const below = (name: string, namespace: string, ...rest: readonly string[]): ApiRequest => ({
  name: `metadefs.${name}`,
  method: 'GET',
  path: ['v2', 'metadefs', 'namespaces', namespace, ...rest],
  subject: `definition ${[namespace, ...rest.slice(1)].join(' ')}`,
})

const namespaceQuery = ({
  resourceTypes = [],
  visibility,
  ...page
}: NamespaceParameters): readonly (readonly [string, string])[] => [
  ...(resourceTypes.length === 0 ? [] : [['resource_types', resourceTypes.join(',')] as const]),
  ...(visibility === undefined ? [] : [['visibility', visibility] as const]),
  ...pageQuery(page),
]

export const metadefsApi = (caller: Caller): MetadefsApi => ({
  namespaces: (parameters = {}, options) =>
    caller.listed(
      'namespaces',
      GlanceMetadefNamespace,
      {
        name: 'metadefs.namespaces',
        method: 'GET',
        path: ['v2', 'metadefs', 'namespaces'],
        query: namespaceQuery(parameters),
      },
      options,
    ),
  namespace: (namespace, resourceType, options) =>
    caller.decoded(
      GlanceMetadefNamespace,
      { ...below('namespace', namespace), query: resourceType === undefined ? [] : [['resource_type', resourceType]] },
      options,
    ),
  resourceTypes: (options) =>
    caller.listed(
      'resource_types',
      GlanceMetadefResourceType,
      { name: 'metadefs.resourceTypes', method: 'GET', path: ['v2', 'metadefs', 'resource_types'] },
      options,
    ),
  listResourceTypes: (namespace, options) =>
    caller.listed(
      'resource_type_associations',
      GlanceMetadefResourceType,
      below('listResourceTypes', namespace, 'resource_types'),
      options,
    ),
  properties: (namespace, options) =>
    pipe(
      caller.decoded(GlanceMetadefPropertyList, below('properties', namespace, 'properties'), options),
      TE.map(({ properties }) => properties),
    ),
  property: (namespace, property, options) =>
    caller.decoded(GlanceSchemaProperty, below('property', namespace, 'properties', property), options),
  objects: (namespace, page = {}, options) =>
    caller.listed(
      'objects',
      GlanceMetadefObject,
      { ...below('objects', namespace, 'objects'), query: pageQuery(page) },
      options,
    ),
  object: (namespace, object, options) =>
    caller.decoded(GlanceMetadefObject, below('object', namespace, 'objects', object), options),
  tags: (namespace, page = {}, options) =>
    caller.listed('tags', GlanceMetadefTag, { ...below('tags', namespace, 'tags'), query: pageQuery(page) }, options),
  tag: (namespace, tag, options) => caller.decoded(GlanceMetadefTag, below('tag', namespace, 'tags', tag), options),
})
