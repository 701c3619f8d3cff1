/** Shared by the live halves of providers. Loads HTTP. */
export {
  createApiCaller,
  type ApiCall,
  type ApiCaller,
  type ApiCallerOptions,
  type RequestContext,
} from './api-caller.ts'
export { bearerCredential } from './bearer-credential.ts'
export { CARRIED_OUT_HINT, OUTCOME_UNKNOWN_HINT } from './hints.ts'
export { isSuccess } from './is-success.ts'
export { collectPages, toImagePage, type PartOfList } from './pages.ts'
export { readResponse, type ResponseContext, type BodyReader } from './read-response.ts'
export {
  createImageRecordReader,
  createRecordReader,
  readBody,
  readOptionalPart,
  readPart,
  readRecordAt,
  readRecords,
  type ReadRecords,
  type RecordReader,
} from './read-records.ts'
export { toImageErrorFromStatus, type StatusError } from './status-error.ts'
