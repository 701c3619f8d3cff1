export type User = 'demo' | 'reader' | 'other' | 'admin'

/** One request. For `{{…}}` in its path, headers and body, see `Session`. */
export interface Step {
  /** A unique name; its first part names the subject. */
  readonly name: string
  /** Default: glance. */
  readonly service?: 'glance' | 'keystone'
  /** The user. Null: without a token. Default: demo. */
  readonly as?: User | null
  /** Default: GET. */
  readonly method?: string
  readonly path: string
  /** Headers in addition to `Accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Strings and bytes are sent unchanged, other values as JSON. */
  readonly body?: unknown
  /** Repeats the request until this holds for the body: imports run in the background. */
  readonly until?: (body: Readonly<Record<string, unknown>>) => boolean
}

/** The placeholder for the ID of the image with this name. */
export const imageId = (name: string): string => `{{image ${name}}}`

/** Creates steps that differ in one value. */
export const each = <A>(
  name: string,
  values: Readonly<Record<string, A>>,
  step: (value: A) => Omit<Step, 'name'>,
): readonly Step[] => Object.entries(values).map(([key, value]) => ({ ...step(value), name: `${name}: ${key}` }))
