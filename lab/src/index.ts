export { type ComputeLab, Lab, LabCompute, LabUser, readLab, runningComputeLab, runningLabs } from './lab.ts'
export {
  type ClientOptions,
  type ClientRun,
  type ClientInput,
  clientPath,
  labEnvironment,
  runClient,
} from './run-client.ts'
export {
  askLab,
  type LabResponse,
  type LabRequest,
  type LabToken,
  logIn,
  logInWithApplicationCredential,
} from './ask.ts'
export { buildGoClient, callGoClient, type GoResult, type GoClient, type GoError, missingGo } from './go-client.ts'
export {
  type ComputeProject,
  createComputeProject,
  eventually,
  type LabImageRequest,
  type LabServerRequest,
} from './compute-project.ts'
export { allowInGlance, forbidInGlance, type GlanceAction } from './glance-policy.ts'
export { findLtsNode } from './recent-node.ts'
export { type LabPostgres, runPsql, startPostgres } from './postgres.ts'
