/**
 * The library: images in one model, read from saved records or, with `imago/live`, from clouds. Loads no HTTP.
 * Adapters use `@imago/core/provider`.
 */
export { hetznerReader } from '@imago/adapter-hetzner/offline'
export { openstackReader } from '@imago/adapter-openstack/offline'
export { formatIssue } from '@imago/codec'
export {
  createByteSource,
  createErrorSite,
  explainRecord,
  FIELDS,
  find,
  findAll,
  findRecords,
  formatError,
  Image,
  ImageException,
  isRetryable,
  listAll,
  pages,
  perform,
  readRecord,
  toClient,
  waitFor,
  type ByteSource,
  type Capabilities,
  type CapabilityName,
  type Drift,
  type Dump,
  type Explanation,
  type FieldName,
  type ImageChanges,
  type ImageClient,
  type ImageError,
  type ImageReader,
  type ImageRef,
  type ImageResult,
  type ImageSelector,
  type ImageSource,
  type Listing,
  type NewImage,
  type Operation,
  type Query,
  type ReadResult,
  type RejectedRecord,
} from '@imago/core'
export { normalize, type NormalizeOptions } from './normalize.ts'
export { readers } from './readers.ts'
