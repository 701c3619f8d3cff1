import { readFileSync } from 'node:fs'

/** A recorded response of Nova, Cinder or Glance; see schemas/openstack/fixtures/compute/README.md. */
export interface RecordedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** A recorded state of an image during its creation from a server; `image` is null after a 404 from Glance. */
export interface ImageState {
  readonly http: number
  readonly image: Readonly<Record<string, unknown>> | null
}

/** OpenStack release: Debian 12's or the latest. */
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

/** The states in the order of polling. */
export const recordedStates = (name: string): readonly ImageState[] =>
  read('zed', `transitions-${name}`) as readonly ImageState[]
