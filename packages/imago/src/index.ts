/** The library in one import: the model, and the readers of every provider. */
export { formatIssue, type Issue } from '@imago/codec'
export * from '@imago/core'
export { hetznerReader } from '@imago/adapter-hetzner/offline'
export { openstackReader } from '@imago/adapter-openstack/offline'
export { normalize, type NormalizeOptions } from './normalize.ts'
export { readers } from './readers.ts'
