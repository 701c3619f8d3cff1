export { formatSize } from '@imago/core'
