const isContainer = (u: unknown): u is object => typeof u === 'object' && u !== null

/** One level of `JSON.stringify` that is still to be written. */
interface Open {
  readonly entries: readonly (readonly [key: string, value: unknown])[]
  readonly isArray: boolean
  next: number
}

const open = (value: object): Open => ({ entries: Object.entries(value).filter(([, one]) => one !== undefined), isArray: Array.isArray(value), next: 0 })

/** As `JSON.stringify`, for parsed JSON nested deeper than the stack goes. */
const withoutRecursion = (root: object): string => {
  const pieces: string[] = []
  const levels: Open[] = []
  const enter = (value: object): void => {
    levels.push(open(value))
    pieces.push(Array.isArray(value) ? '[' : '{')
  }
  enter(root)
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const entry = level.entries[level.next]
    if (entry === undefined) {
      pieces.push(level.isArray ? ']' : '}')
      levels.pop()
      continue
    }
    if (level.next > 0) pieces.push(',')
    level.next++
    if (!level.isArray) pieces.push(JSON.stringify(entry[0]), ':')
    if (isContainer(entry[1])) enter(entry[1])
    else pieces.push(JSON.stringify(entry[1]))
  }
  return pieces.join('')
}

/** `JSON.stringify` for parsed JSON of any depth: records may be nested deeper than the stack goes. */
export const deepJson = (value: unknown): string => {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError && isContainer(value)) return withoutRecursion(value)
    throw error
  }
}
