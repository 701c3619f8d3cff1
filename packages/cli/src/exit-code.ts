/** What the exit code tells a script. */
export const EXIT = {
  done: 0,
  /** Unreadable or unrecognized input, and any other error. */
  error: 1,
  usage: 2,
  /** Nothing is meant by what was named, or more than one thing. */
  notFound: 3,
  /** Some records were rejected, or drift was looked for and found. */
  findings: 4,
  /** Trying again may help. */
  temporary: 5,
  /** Refused for safety or integrity; an image is protected, or a transfer blocked. */
  refused: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
