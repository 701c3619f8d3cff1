import type { Socket } from 'node:net'

type Done = (error?: Error | null) => void
type Write = (...args: readonly unknown[]) => void

/** Codes of writes to a closed connection. */
const CLOSED = new Set<unknown>(['EPIPE', 'ECONNRESET', 'ECONNABORTED'])

const seen = new WeakSet<Socket>()

/**
 * Keeps the response of a server that refuses a request before it has read all of it, and closes the connection. Node fails the next write, and destroys the
 * socket with the response unread in its buffer (nodejs/node#12339). This delays the error of the write until everything received has been read, which
 * ends soon because the server has closed the connection.
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
  // Documented methods of streams, called only by Node. The stream of a proxy may have only one of them.
  const stream = socket as unknown as { _write: Write; _writev?: Write | null }
  stream._write = patient(stream._write.bind(socket) as Write)
  if (typeof stream._writev === 'function') stream._writev = patient(stream._writev.bind(socket) as Write)
}
