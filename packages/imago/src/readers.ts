import type { ImageReader } from '@imago/core'
import { providers } from './providers.ts'

/** The readers of saved images of all bundled providers. */
export const readers: readonly ImageReader[] = providers.map(({ reader }) => reader)
