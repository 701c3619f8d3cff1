/** The exit codes. */
export const EXIT = {
  done: 0,
  /** Unreadable or unrecognized input, and any other error. */
  error: 1,
  usage: 2,
  /** Not found, or ambiguous. */
  notFound: 3,
  /** Some records were rejected, or drift was found. */
  findings: 4,
  /** A retry may succeed. */
  temporary: 5,
  /** Refused for safety or integrity; an image is protected, or a transfer blocked. */
  refused: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** The exit codes with their meanings, for the help and the man pages. */
export const EXIT_MEANINGS: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.done, 'done'],
  [EXIT.error, 'error or differences (diff)'],
  [EXIT.usage, 'usage error'],
  [EXIT.notFound, 'not found or ambiguous'],
  [EXIT.findings, 'rejected records, drift, or changed pins'],
  [EXIT.temporary, 'temporary error, or missing pinned images (verify)'],
  [EXIT.refused, 'refused, or expiring pinned images (verify)'],
]
