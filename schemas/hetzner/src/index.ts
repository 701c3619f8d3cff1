export {
  HetznerAction,
  HetznerActionEnvelope,
  HetznerActionError,
  HetznerActionPage,
  HetznerActionResource,
  HetznerActionStatus,
} from './action.ts'
export {
  HetznerCreateImageEnvelope,
  HetznerImageEnvelope,
  HetznerImagePage,
  HetznerLocationEnvelope,
  HetznerLocationPage,
  HetznerServerEnvelope,
  HetznerServerPage,
  HetznerServerTypeEnvelope,
  HetznerServerTypePage,
} from './envelope.ts'
export {
  HetznerError,
  HetznerErrorCode,
  HetznerErrorDetails,
  HetznerErrorEnvelope,
  HetznerErrorField,
} from './error.ts'
export {
  HetznerArchitecture,
  HetznerCreatedFrom,
  HetznerDeprecation,
  HetznerImage,
  HetznerImageStatus,
  HetznerImageType,
  HetznerLabels,
  HetznerOsFlavor,
  HetznerProtection,
} from './image.ts'
export { HetznerIso, HetznerIsoEnvelope, HetznerIsoPage, HetznerIsoType } from './iso.ts'
export { HetznerMeta, HetznerPagination } from './pagination.ts'
export {
  HetznerBackupPricing,
  HetznerImagePricing,
  HetznerPrice,
  HetznerPricing,
  HetznerPricingEnvelope,
} from './pricing.ts'
export { readError, type HetznerErrorText } from './read-error.ts'
export {
  HetznerDatacenter,
  HetznerLocation,
  HetznerPublicNet,
  HetznerServer,
  HetznerServerAddress,
  HetznerServerStatus,
  HetznerServerType,
  HetznerServerTypeLocation,
  HetznerServerTypePrice,
} from './server.ts'
export { HetznerSshKey, HetznerSshKeyEnvelope, HetznerSshKeyPage } from './ssh-key.ts'
