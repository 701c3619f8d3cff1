import type { Socket } from 'node:net'

type Done = (error?: Error | null) => void
type Write = (...args: readonly unknown[]) => void

/** Codes of a write to a connection that the other side has closed. */
const CLOSED = new Set<unknown>(['EPIPE', 'ECONNRESET', 'ECONNABORTED'])

const seen = new WeakSet<Socket>()

/**
 * A server may refuse a request before it has read all of it, and close at once. Node then fails the next write and destroys the socket with the refusal unread in
 * its buffer (nodejs/node#12339). Here such a write stays open until all that was received has been read: the answer, if there is one, comes first. A socket whose
 * writes fail in this way is closed by the other side, so that reading it ends soon.
 */
export const keepLateResponse = (socket: Socket): void => {
  if (seen.has(socket)) return
  seen.add(socket)
  const patient =
    (write: Write): Write =>
    (...args) => {
      const done = args.at(-1) as Done
      const later: Done = (error) => {
        if (
          !CLOSED.has((error as NodeJS.ErrnoException | null | undefined)?.code) ||
          socket.destroyed ||
          socket.readableEnded
        )
          return done(error)
        const ended = (): void => {
          socket.off('end', ended)
          socket.off('close', ended)
          done(error)
        }
        socket.on('end', ended)
        socket.on('close', ended)
      }
      write(...args.slice(0, -1), later)
    }
  // Both are what a stream is made of: documented, and called by nobody else. A proxy may give a stream that has but one of them.
  const stream = socket as unknown as { _write: Write; _writev?: Write | null }
  stream._write = patient(stream._write.bind(socket) as Write)
  if (typeof stream._writev === 'function') stream._writev = patient(stream._writev.bind(socket) as Write)
}
