import { Option, type Command } from 'commander'
import type { AnyOf } from '@imago/core'
import { several } from './command-options.ts'

/** The options that select images, as the command line gives them. One that is repeated means any of its values. */
export interface SelectionOptions {
  readonly os?: AnyOf<string> | undefined
  readonly osVersion?: AnyOf<string> | undefined
  readonly arch?: AnyOf<string> | undefined
  readonly status?: AnyOf<string> | undefined
  readonly visibility?: AnyOf<string> | undefined
  readonly kind?: AnyOf<string> | undefined
  readonly name?: AnyOf<string> | undefined
  readonly description?: AnyOf<string> | undefined
  /** Selectors: `env in (prod,test),!old`. */
  readonly label?: AnyOf<string> | undefined
  /** `a`, or `a,b` for both. */
  readonly tag?: AnyOf<string> | undefined
  /** `key`, `!key`, `key=value`, `key!=value`. */
  readonly property?: AnyOf<string> | undefined
  readonly owner?: AnyOf<string> | undefined
  readonly mine?: boolean | undefined
  readonly olderThan?: AnyOf<string> | undefined
  readonly newerThan?: AnyOf<string> | undefined
  readonly deprecated?: boolean | undefined
  /** `true`: hidden ones too. */
  readonly hidden?: true | 'only' | undefined
  readonly text?: AnyOf<string> | undefined
}

type Describe = () => readonly Option[]

const one = (flags: string, description: string): Option => new Option(flags, description)

/** Each option once, in the order of the help. */
const SELECTION: { readonly [K in keyof SelectionOptions]-?: Describe } = {
  kind: () => [several('--kind <word>', 'system, app, snapshot, backup, image')],
  os: () => [several('--os <id>', 'distribution: ubuntu, debian, almalinux …')],
  osVersion: () => [several('--os-version <version>', 'its version, as 24.04')],
  arch: () => [several('--arch <word>', 'architecture: x86_64, aarch64, or a provider’s name of it, as amd64')],
  status: () => [several('--status <word>', 'available, pending, unavailable, failed …')],
  visibility: () => [several('--visibility <word>', 'public, private, shared, community')],
  name: () => [several('--name <name>', 'exactly this name')],
  description: () => [several('--description <text>', 'exactly this description')],
  label: () => [several('--label <selector>', 'labels: env, !env, env=prod, env!=prod, "env in (a,b)"; comma = and')],
  tag: () => [several('--tag <tag>', 'with this tag; a,b = both')],
  property: () => [several('--property <condition>', 'a property: key, !key, key=value, key!=value')],
  owner: () => [several('--owner <project>', 'owned by this project')],
  mine: () => [one('--mine', 'owned by the project of these credentials')],
  olderThan: () => [several('--older-than <age>', 'created before: 30d, 12h, or a date')],
  newerThan: () => [several('--newer-than <age>', 'created after: 30d, 12h, or a date')],
  deprecated: () => [one('--deprecated', 'only those that the provider will withdraw'), one('--no-deprecated', 'only those that it will not')],
  hidden: () => [one('--hidden [only]', 'hidden ones too; or nothing else').choices(['only'])],
  text: () => [several('--text <text>', 'with this text in ID, name or description')],
}

export const SELECTION_NAMES = Object.keys(SELECTION) as readonly (keyof SelectionOptions)[]

/** Adds the options that select images. */
export const withSelection = (command: Command): Command => {
  command.optionsGroup('Selection (repeat an option for either):')
  for (const describe of Object.values(SELECTION)) for (const option of describe()) command.addOption(option)
  return command.optionsGroup('Options:')
}
