export type User = 'demo' | 'reader' | 'other' | 'admin'

/** One request. `{{…}}` in its path, headers and body stands for what only a run knows: see `Session`. */
export interface Step {
  /** Unique; the first part names what is tried. */
  readonly name: string
  /** Default: glance. */
  readonly service?: 'glance' | 'keystone'
  /** Who asks. Null: without a token. Default: demo. */
  readonly as?: User | null
  /** Default: GET. */
  readonly method?: string
  readonly path: string
  /** Beside `Accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Text and bytes go out as they are, everything else as JSON. */
  readonly body?: unknown
  /** Asked again until this holds of the body, as imports run in the background. */
  readonly until?: (body: Readonly<Record<string, unknown>>) => boolean
}

/** The id that a run gives to the image of this name. */
export const imageId = (name: string): string => `{{image ${name}}}`

/** Steps that differ in one value. */
export const each = <A>(
  name: string,
  values: Readonly<Record<string, A>>,
  step: (value: A) => Omit<Step, 'name'>,
): readonly Step[] => Object.entries(values).map(([key, value]) => ({ ...step(value), name: `${name}: ${key}` }))
