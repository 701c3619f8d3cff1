export { openstackDialects, openstackForeign, openstackMapping, openstackReader } from './offline.ts'
