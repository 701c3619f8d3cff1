/** The completions of a value that is neither a choice nor a file. */
export type Completion = 'clouds' | 'providers' | 'services'

/** The form of an option: `--flag`, `--no-flag`, either of these, `--option <value>` once or repeated, `--option [value]`, or an old name. */
export type OptionKind = 'flag' | 'negation' | 'either' | 'text' | 'list' | 'optional' | 'renamed'

/**
 * An option of a command. Parser, help, completion, reference and the type of its value derive from the declaration. The key of the declaration is its
 * name: `osVersion` is `--os-version`.
 */
export interface OptionDeclaration<T> {
  readonly kind: OptionKind
  readonly summary: string
  /** The summary of `--no-flag`, of an option that is written either way. */
  readonly negated: string | null
  /** One letter. */
  readonly short: string | null
  /** The value in the help: `<time>`. */
  readonly placeholder: string | null
  readonly choices: readonly string[] | null
  readonly preset: string | null
  readonly isRequired: boolean
  /** Whether `''` is a value. Elsewhere it is mostly a variable of a script that is not set, and is refused. */
  readonly mayBeEmpty: boolean
  /** The completions of the value, if it is neither a choice nor a file. */
  readonly completes: Completion | null
  /** The key of an option that cannot be combined with this one. */
  readonly conflicts: string | null
  /** The heading in the help. */
  readonly group: string | null
  /** Never present: carries the type of the value. */
  readonly read?: () => T
}

/** The options of a command, by their names. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration<unknown>>>

/** The details of an option that any kind may have. */
export interface OptionDetails {
  readonly short?: string
  readonly completes?: Completion
  readonly conflicts?: string
  readonly mayBeEmpty?: boolean
}

const declare = <T>(
  kind: OptionKind,
  summary: string,
  {
    short = null,
    completes = null,
    conflicts = null,
    mayBeEmpty,
  }: { readonly [K in keyof OptionDetails]?: OptionDetails[K] | null },
  own: Partial<OptionDeclaration<T>> = {},
): OptionDeclaration<T> => ({
  kind,
  summary,
  negated: null,
  short,
  placeholder: null,
  choices: null,
  preset: null,
  isRequired: false,
  mayBeEmpty: mayBeEmpty ?? false,
  completes,
  conflicts,
  group: null,
  ...own,
})

/** `--name` */
export const flag = (summary: string, details: OptionDetails = {}): OptionDeclaration<boolean | undefined> =>
  declare('flag', summary, details)

/** `--no-name`: its value is `false` if given. */
export const negation = (summary: string): OptionDeclaration<boolean | undefined> => declare('negation', summary, {})

/** `--name` or `--no-name`; neither: `undefined`. */
export const either = (summary: string, negated: string): OptionDeclaration<boolean | undefined> =>
  declare('either', summary, {}, { negated })

/** `--name <value>` */
export const text = (
  placeholder: string,
  summary: string,
  details: OptionDetails = {},
): OptionDeclaration<string | undefined> => declare('text', summary, details, { placeholder })

/** `--name <value>`, one of the choices. */
export const choice = <const C extends readonly string[]>(
  placeholder: string,
  summary: string,
  choices: C,
  details: OptionDetails = {},
): OptionDeclaration<C[number] | undefined> => declare('text', summary, details, { placeholder, choices })

/** `--name <value>`, any number of times. */
export const list = (
  placeholder: string,
  summary: string,
  details: OptionDetails = {},
): OptionDeclaration<readonly string[] | undefined> => declare('list', summary, details, { placeholder })

/** `--name <value>`, any number of times, each one of the choices. */
export const choices = <const C extends readonly string[]>(
  placeholder: string,
  summary: string,
  choices: C,
): OptionDeclaration<readonly C[number][] | undefined> => declare('list', summary, {}, { placeholder, choices })

/** `--name`, or `--name=value` with one of the choices. */
export const optional = <const C extends readonly string[]>(
  placeholder: string,
  summary: string,
  choices: C,
): OptionDeclaration<true | C[number] | undefined> => declare('optional', summary, {}, { placeholder, choices })

/** A former or mistaken name of an option: refused with an error that names `now`. */
export const renamed = (placeholder: string, now: string): OptionDeclaration<never> =>
  declare('renamed', `use ${now}`, {}, { placeholder, preset: now })

/** An option with a default value. */
export const preset = <T extends string>(
  declaration: OptionDeclaration<T | undefined>,
  value: NoInfer<T>,
): OptionDeclaration<T> => ({ ...(declaration as OptionDeclaration<T>), preset: value })

/** An option that must be given. */
export const required = <T>(declaration: OptionDeclaration<T | undefined>): OptionDeclaration<T> => ({
  ...(declaration as OptionDeclaration<T>),
  isRequired: true,
})

/** Options below their own heading of the help. */
export const grouped = <const D extends OptionDeclarations>(group: string, declarations: D): D =>
  // Each declaration keeps its type, which `Object.fromEntries` cannot express.
  Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, { ...declaration, group }]),
  ) as unknown as D

type Value<D> = D extends OptionDeclaration<infer T> ? T : never

type Readable<D> = { readonly [K in keyof D as [Value<D[K]>] extends [never] ? never : K]: Value<D[K]> }

type OptionalKeys<V> = { readonly [K in keyof V]: undefined extends V[K] ? K : never }[keyof V]

/** The values of declared options: `undefined` if omitted. Options that are not declared, or renamed, cannot be read. */
export type OptionsOf<D extends OptionDeclarations> = Flat<
  { readonly [K in Exclude<keyof Readable<D>, OptionalKeys<Readable<D>>>]: Readable<D>[K] } & {
    readonly [K in OptionalKeys<Readable<D>>]?: Readable<D>[K] | undefined
  }
>

type Flat<T> = { readonly [K in keyof T]: T[K] }

/** The flag of an option: `--os-version` of `osVersion`. */
export const formatFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
