import { hasText } from './fields.ts'
import type { Format } from './format.ts'

/** QEMU Enhanced Disk, of 2010, which QEMU no longer develops. It can name a backing file. */
export const qed: Format = {
  format: 'qed',
  isMatch: ({ head }) => hasText(head, 0, 'QED\0'),
  read: () => ({
    virtualSize: null,
    failures: [{ check: 'banned', what: 'QED is an obsolete format', source: 'oslo.utils, format_inspector.py' }],
  }),
}
