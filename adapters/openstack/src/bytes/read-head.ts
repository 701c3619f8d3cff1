import { observeBytes } from '@imago/http'

type Bytes = AsyncIterable<Uint8Array>

/** Reads the first `count` bytes, or all if there are fewer. Returns them and a stream of all bytes. */
export const readHead = async (
  bytes: Bytes,
  count: number,
): Promise<{ readonly head: Buffer; readonly all: Bytes; readonly close: () => Promise<void> }> => {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  for (let seen = 0; seen < count;) {
    const { done, value } = await iterator.next()
    if (done === true) break
    first.push(value)
    seen += value.length
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  }
  const close = async (): Promise<void> => void (await iterator.return?.())
  return {
    head: Buffer.concat(first).subarray(0, count),
    all: observeBytes(all(), { onClose: () => void close() }),
    close,
  }
}
