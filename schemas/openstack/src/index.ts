export { GlanceCache, GlanceCachedImage } from './cache.ts'
export {
  KeystoneCatalog,
  KeystoneCatalogEnvelope,
  KeystoneEndpoint,
  KeystoneInterface,
  KeystoneService,
} from './catalog.ts'
export { GlanceFault, KeystoneError, KeystoneFault, NovaError } from './fault.ts'
export { GlanceImageList } from './image-list.ts'
export { GLANCE_BASE_KEYS, GlanceImage, GlanceImageStatus, GlanceLocation, GlanceVisibility } from './image.ts'
export { GlanceImportInfo, GlanceImportMethod, GlanceImportMethods } from './import-info.ts'
export { GlanceMember, GlanceMemberList, GlanceMemberStatus } from './member.ts'
export {
  GlanceMetadefNamespace,
  GlanceMetadefNamespaceList,
  GlanceMetadefObject,
  GlanceMetadefObjectList,
  GlanceMetadefPropertyList,
  GlanceMetadefResourceType,
  GlanceMetadefResourceTypeList,
} from './metadef.ts'
export { KeystoneProject, KeystoneProjectList } from './project.ts'
export { readFault, type FaultText } from './read-fault.ts'
export { KeystoneReceipt, KeystoneReceiptEnvelope } from './receipt.ts'
export { GlanceSchema, GlanceSchemaProperty } from './schema-document.ts'
export { NovaImageCreated, NovaServer, NovaServerEnvelope } from './server.ts'
export { GlanceStore, GlanceStoreList } from './store.ts'
export { GlanceTask, GlanceTaskList, GlanceTaskStatus, GlanceTaskType } from './task.ts'
export {
  KeystoneApplicationCredential,
  KeystoneName,
  KeystoneScopeProject,
  KeystoneToken,
  KeystoneTokenEnvelope,
  KeystoneUser,
} from './token.ts'
export { GlanceUsage, GlanceUsageEntry, GlanceUsageInfo } from './usage.ts'
export {
  GlanceVersions,
  KeystoneVersion,
  KeystoneVersions,
  OpenStackLink,
  OpenStackVersion,
  OpenStackVersionStatus,
} from './versions.ts'
export { CinderVolume } from './volume.ts'
