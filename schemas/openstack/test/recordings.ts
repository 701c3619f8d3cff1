import { readdirSync, readFileSync } from 'node:fs'

/** One exchange with a real server; see fixtures/recordings/README.md. */
export interface Recording {
  readonly file: string
  readonly service: 'glance' | 'keystone'
  readonly request: { readonly method: string; readonly path: string }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: unknown
  }
}

const folder = new URL('../fixtures/recordings/', import.meta.url)

/** Every recording, in recording order. */
export const recordings: readonly Recording[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({ ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Omit<Recording, 'file'>), file }))

export const findContentType = ({ response }: Recording): string | null =>
  Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null

/** The body as sent, except for JSON white space. */
export const toBodyText = ({ response: { body } }: Recording): string =>
  typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body)
