export { chooseCloud } from './choose-cloud.ts'
export type {
  AuthMethod,
  Cloud,
  DomainRef,
  HetznerCloud,
  KeystoneAuth,
  NoAuth,
  OidcAuth,
  OpenstackAuth,
  OpenstackCloud,
  OpenstackRegion,
  Origin,
  ProjectRef,
  RescueSettings,
  Scope,
  ServiceSettings,
  TlsSettings,
  UserRef,
} from './cloud.ts'
export { findClouds, type FindOptions } from './find-clouds.ts'
export type { Findings } from './findings.ts'
export { surroundingsOf } from './process-surroundings.ts'
export { Secret } from './secret.ts'
export { shownPath, type FileReading, type Surroundings } from './surroundings.ts'
