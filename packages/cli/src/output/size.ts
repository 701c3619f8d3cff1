export { humanSize } from '@imago/core'
