/** Groups values by a key, in the order of the first value of each group. */
export const groupBy = <A>(all: readonly A[], toKey: (one: A) => string): readonly (readonly [A, ...A[]])[] => {
  const groups = new Map<string, [A, ...A[]]>()
  for (const one of all) {
    const key = toKey(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return [...groups.values()]
}
