import { createInspector } from '@imago/inspect'
import type { SourceFacts } from './source-facts.ts'

/** Inspects the first bytes of a disk. `size`: of the whole disk; `null`: unknown. */
export const inspectHead = (
  head: Uint8Array,
  size: number | null,
): Pick<SourceFacts, 'format' | 'virtualSize' | 'isEncrypted'> => {
  const inspector = createInspector()
  inspector.write(head)
  const { format, virtualSize, isEncrypted } = inspector.end()
  // The size of these formats is the number of their bytes.
  if (format === 'raw' || format === 'gpt' || format === 'iso') return { format, virtualSize: size }
  return {
    format,
    virtualSize: format === 'luks' ? null : virtualSize,
    ...(isEncrypted === undefined ? {} : { isEncrypted }),
  }
}
