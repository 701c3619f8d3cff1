export { hetznerDialects, hetznerForeign, hetznerMapping, hetznerReader } from './offline.ts'
