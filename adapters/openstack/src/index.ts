export type { Endpoint } from './auth/endpoint.ts'
export type { ServiceReport } from './auth/report.ts'
export type { DomainMember, Named, TokenInfo } from './auth/token-info.ts'
export type { ApiVersion } from './auth/versions.ts'
export type { ActionsApi } from './api/actions.ts'
export type { CacheApi } from './api/cache.ts'
export type { CallOptions, Services } from './api/call.ts'
export type { Listed } from './api/page.ts'
export type { DataApi, ImageData } from './api/data.ts'
export type { ImagesApi } from './api/images.ts'
export type { ImportsApi } from './api/imports.ts'
export { createOpenstackApi, createOpenstackApiFrom, type OpenstackApi } from './api/index.ts'
export type { InfoApi } from './api/info.ts'
export type { LocationsApi, LocationWays, NewLocation } from './api/locations.ts'
export type { MembersApi } from './api/members.ts'
export type { MetadefsApi, MetadefTag, NamespaceParameters } from './api/metadefs.ts'
export type { SchemaName, SchemasApi } from './api/schemas.ts'
export type { ServerImageParameters, ServersApi } from './api/servers.ts'
export type { StoresApi } from './api/stores.ts'
export type { TagsApi } from './api/tags.ts'
export type { AllTenants } from './api/tenants.ts'
export type { PageParameters, TasksApi } from './api/tasks.ts'
export type { VersionsApi } from './api/versions.ts'
export type { VolumesApi } from './api/volumes.ts'
export type { ContentRange } from '@imago/http'
export type { ConfiguredAuth, ConfiguredService, OpenstackCloud, OpenstackSettings } from './config/cloud.ts'
export type { OpenstackLiveCloud } from './connector.ts'
export { microversion } from './microversion.ts'
export { openstackDialects, openstackForeign, openstackMapping, openstackReader } from './offline.ts'
export {
  SERVICES,
  type AuthMethod,
  type DomainMemberRef,
  type DomainRef,
  type KeystoneAuth,
  type NoAuth,
  type OidcAuth,
  type OpenstackAuth,
  type OpenstackOptions,
  type OpenstackRegion,
  type Scope,
  type ServiceKey,
  type ServiceSettings,
} from './options.ts'
export { provider } from './provider.ts'
export type { DataUpload } from './requests/data.ts'
export type { Filters, ImageListParameters, JsonPatch, PatchOperation } from './requests/images.ts'
export type { ImportMethod, ImportTarget } from './requests/import.ts'
export { createOpenstackSession, type OpenstackSession } from './session.ts'
export { createOpenstackSource, createOpenstackSourceFrom } from './source.ts'
