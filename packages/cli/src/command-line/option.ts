/** What completes a value that is neither a choice nor a file. */
export type Completion = 'clouds' | 'providers' | 'services'

/** How an option is written: `--flag`, `--no-flag`, both of these, `--option <value>`, the same several times, `--option [value]`, or a name that another has taken over. */
export type OptionKind = 'flag' | 'negation' | 'either' | 'text' | 'list' | 'optional' | 'renamed'

/**
 * An option as a command declares it. The parser, the help, completion, the reference and the type of its value derive from this. Its name is the key
 * that it is declared by: `osVersion` is `--os-version`.
 */
export interface OptionDeclaration<T> {
  readonly kind: OptionKind
  readonly summary: string
  /** The summary of `--no-flag`, where `--flag` has one of its own. */
  readonly negated: string | null
  /** One letter. */
  readonly short: string | null
  /** What stands for the value in the help: `<time>`. */
  readonly placeholder: string | null
  readonly choices: readonly string[] | null
  readonly preset: string | null
  readonly isRequired: boolean
  /** What completes the value, if it is neither a choice nor a file. */
  readonly completes: Completion | null
  /** The option that this one cannot be given with. */
  readonly conflicts: string | null
  /** The heading in the help. */
  readonly group: string | null
  /** Never there. It holds the type of the value. */
  readonly read?: () => T
}

/** The options of a command, by their names. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration<unknown>>>

/** What may be said of any option. */
export interface OptionDetails {
  readonly short?: string
  readonly completes?: Completion
  readonly conflicts?: string
}

const declare = <T>(
  kind: OptionKind,
  summary: string,
  {
    short = null,
    completes = null,
    conflicts = null,
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
  completes,
  conflicts,
  group: null,
  ...own,
})

/** `--name` */
export const flag = (summary: string, details: OptionDetails = {}): OptionDeclaration<boolean | undefined> =>
  declare('flag', summary, details)

/** `--no-name`: `false` where it is given. */
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

/** `--name <value>`, any number of times, of the choices. */
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

/** A name that an option had before: it is refused, and the error names `now`. */
export const renamed = (placeholder: string, now: string): OptionDeclaration<never> =>
  declare('renamed', `use ${now}`, {}, { placeholder, preset: now })

/** An option with the value that it has when it is not given. */
export const preset = <T extends string>(
  declaration: OptionDeclaration<T | undefined>,
  value: NoInfer<T>,
): OptionDeclaration<T> => ({ ...(declaration as OptionDeclaration<T>), preset: value })

/** An option that must be given. */
export const required = <T>(declaration: OptionDeclaration<T | undefined>): OptionDeclaration<T> => ({
  ...(declaration as OptionDeclaration<T>),
  isRequired: true,
})

/** Options that stand below a heading of their own in the help. */
export const grouped = <const D extends OptionDeclarations>(group: string, declarations: D): D =>
  // Each declaration keeps its type; `Object.fromEntries` forgets which name has which.
  Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, { ...declaration, group }]),
  ) as unknown as D

type Value<D> = D extends OptionDeclaration<infer T> ? T : never

type Readable<D> = { readonly [K in keyof D as [Value<D[K]>] extends [never] ? never : K]: Value<D[K]> }

type OptionalKeys<V> = { readonly [K in keyof V]: undefined extends V[K] ? K : never }[keyof V]

/** The values of declared options. One that may be left out is `undefined`; one that was not declared, or has another name by now, cannot be read. */
export type OptionsOf<D extends OptionDeclarations> = Flat<
  { readonly [K in Exclude<keyof Readable<D>, OptionalKeys<Readable<D>>>]: Readable<D>[K] } & {
    readonly [K in OptionalKeys<Readable<D>>]?: Readable<D>[K] | undefined
  }
>

type Flat<T> = { readonly [K in keyof T]: T[K] }

/** The flag of an option: `--os-version` of `osVersion`. */
export const formatFlag = (name: string): string =>
  `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
