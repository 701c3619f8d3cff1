import { readFileSync } from 'node:fs'

/** The answer of a real Nova, Cinder or Glance; see schemas/openstack/fixtures/compute/README.md. */
export interface RecordedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A state of an image that is being made of a server; `image` is null where Glance answered 404. */
export interface ImageState {
  readonly http: number
  readonly image: Readonly<Record<string, unknown>> | null
}

/** Of OpenStack: Debian 12's, or the newest. */
export type RecordedRelease = 'zed' | '2026.2'

const read = (release: RecordedRelease, name: string): unknown =>
  JSON.parse(
    readFileSync(
      new URL(`../../../schemas/openstack/fixtures/compute/${release}/${name}.json`, import.meta.url),
      'utf8',
    ),
  )

export const recordedAnswer = (name: string, release: RecordedRelease = 'zed'): RecordedAnswer =>
  (read(release, name) as { readonly response: RecordedAnswer }).response

/** The states one after the other, as polling saw them. */
export const recordedStates = (name: string): readonly ImageState[] =>
  read('zed', `transitions-${name}`) as readonly ImageState[]
