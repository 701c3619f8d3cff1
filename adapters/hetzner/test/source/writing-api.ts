import { createHetznerSource } from '../../src/index.ts'
import { errorBody, optionsFor, serveApi, type Asked, type LocalApi, type Reply } from '../local-api.ts'

/** A source with the methods that change images. */
export type WritingSource = Required<
  Pick<ReturnType<typeof createHetznerSource>, 'update' | 'delete' | 'protect' | 'createFromServer'>
> &
  ReturnType<typeof createHetznerSource>

export const createWritingSource = ({ url }: LocalApi, options: Parameters<typeof optionsFor>[1] = {}): WritingSource =>
  createHetznerSource(optionsFor(url, options)) as WritingSource

export const SNAPSHOT = {
  id: 7,
  type: 'snapshot',
  status: 'available',
  description: 'golden',
  labels: { role: 'web', keep: '' },
  protection: { delete: false },
}

/** Serves responses by method and path; 404 for others. */
export const serveRoutes = (table: Readonly<Record<string, Reply | ((asked: Asked) => Reply)>>): Promise<LocalApi> =>
  serveApi((asked) => {
    const reply = table[`${asked.method} ${asked.target.split('?')[0]}`] ?? {
      status: 404,
      json: errorBody('not_found', 'image not found'),
    }
    return typeof reply === 'function' ? reply(asked) : reply
  })

/** Serves an image, and stores it as the API does: a PUT replaces the given keys. */
export const serveImage = (image: object): Promise<LocalApi> => {
  let current = image
  return serveRoutes({
    'GET /images': () => ({ json: { images: [current] } }),
    'GET /images/7': () => ({ json: { image: current } }),
    'PUT /images/7': ({ body }) => ({ json: { image: (current = { ...current, ...(body as object) }) } }),
  })
}

/** The bodies of changing requests. */
export const listBodies = ({ asked }: LocalApi): readonly unknown[] =>
  asked.filter(({ method }) => method !== 'GET').map(({ body }) => body)
