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
