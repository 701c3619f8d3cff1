/** The completions of an argument: configured clouds, `cloud:` as the start of an image, or files. */
export type Completed = 'clouds' | 'images' | 'files'

/** An argument of a command. The order of the declarations is the order on the command line. */
export interface ArgumentDeclaration<T> {
  /** Its name in the help, without brackets: `images`. */
  readonly display: string
  readonly summary: string
  readonly isRequired: boolean
  /** Whether it takes several values. Only the last argument can. */
  readonly isList: boolean
  readonly choices: readonly string[] | null
  readonly completes: Completed
  /** Never present: carries the type of the value. */
  readonly read?: () => T
}

/** The arguments of a command, by their names. */
export type ArgumentDeclarations = Readonly<Record<string, ArgumentDeclaration<unknown>>>

interface Details {
  readonly choices?: readonly string[]
  readonly completes?: Completed
}

const declare = <T>(
  display: string,
  summary: string,
  { choices, completes = 'files' }: Details,
  own: { readonly isRequired: boolean; readonly isList: boolean },
): ArgumentDeclaration<T> => ({ display, summary, choices: choices ?? null, completes, ...own })

/** `<name>` */
export const one = (display: string, summary: string, details: Details = {}): ArgumentDeclaration<string> =>
  declare(display, summary, details, { isRequired: true, isList: false })

/** `<name>`, one of the choices. */
export const choice = <const C extends readonly string[]>(
  display: string,
  summary: string,
  choices: C,
): ArgumentDeclaration<C[number]> => declare(display, summary, { choices }, { isRequired: true, isList: false })

/** `[name]` */
export const optional = (
  display: string,
  summary: string,
  details: Details = {},
): ArgumentDeclaration<string | undefined> => declare(display, summary, details, { isRequired: false, isList: false })

/** `[names...]` */
export const any = (display: string, summary: string, details: Details = {}): ArgumentDeclaration<readonly string[]> =>
  declare(display, summary, details, { isRequired: false, isList: true })

/** `<names...>` */
export const some = (display: string, summary: string, details: Details = {}): ArgumentDeclaration<readonly string[]> =>
  declare(display, summary, details, { isRequired: true, isList: true })

/** The values of declared arguments. */
export type ArgumentsOf<D extends ArgumentDeclarations> = {
  readonly [K in keyof D]: D[K] extends ArgumentDeclaration<infer T> ? T : never
}
