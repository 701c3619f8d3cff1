import { hasAt } from './fields.ts'
import type { Format } from './format.ts'

/** QEMU's enhanced disk of 2010, given up since. It can name a backing file; nobody should have one. */
export const qed: Format = {
  format: 'qed',
  isMatch: ({ head }) => hasAt(head, 0, 'QED\0'),
  read: () => ({ virtualSize: null, failures: [{ check: 'banned', what: 'QED is a format that nobody should use' }] }),
}
