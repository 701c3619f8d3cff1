import type { Row } from './cell.ts'

/** The size of a row group. Whichever limit a row reaches ends the group. */
export interface GroupLimits {
  readonly rows: number
  /** In characters of text, because rows with records and evidence are many times as long as others. */
  readonly characters: number
}

/** Rows that wait to be written together. */
export interface RowGroups {
  readonly push: (row: Row) => void
  /** Removes and returns the groups that reached a limit. */
  readonly takeFull: () => readonly (readonly Row[])[]
  /** Removes and returns all groups. */
  readonly takeAll: () => readonly (readonly Row[])[]
}

const countCharacters = (row: Row): number => {
  let characters = 0
  for (const cell of row) if (typeof cell === 'string') characters += cell.length
  return characters
}

/** Collects rows in groups of limited size. */
export const createRowGroups = (limits: GroupLimits): RowGroups => {
  let full: Row[][] = []
  let open: Row[] = []
  let characters = 0
  const endGroup = (): void => {
    if (open.length > 0) full.push(open)
    open = []
    characters = 0
  }
  const takeFull = (): readonly (readonly Row[])[] => {
    const taken = full
    full = []
    return taken
  }
  return {
    push: (row) => {
      open.push(row)
      characters += countCharacters(row)
      if (open.length >= limits.rows || characters >= limits.characters) endGroup()
    },
    takeFull,
    takeAll: () => {
      endGroup()
      return takeFull()
    },
  }
}
