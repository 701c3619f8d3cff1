export type { Endpoint } from './auth/endpoint.ts'
export type { ServiceReport } from './auth/report.ts'
export type { DomainMember, Named, TokenInfo } from './auth/token-info.ts'
export type { ApiVersion } from './auth/versions.ts'
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
export { createSession, type Session } from './session.ts'
export { createOpenstackSource, openstackSourceOf } from './source.ts'
