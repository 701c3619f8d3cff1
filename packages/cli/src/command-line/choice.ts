import { EXIT } from '../exit-code.ts'
import { Problem } from '../problem.ts'
import { formatSuggestion } from '../format-suggestion.ts'

/** The error for a value that is not one of the choices: `--kind: unknown value "snap" (one of: snapshot, backup). Did you mean snapshot?` */
export const unknownValue = (option: string, value: string, choices: readonly string[]): Problem =>
  new Problem(
    `${option}: unknown value ${JSON.stringify(value)} (one of: ${choices.join(', ')})${formatSuggestion(value, choices)}`,
    EXIT.usage,
  )

/** The choice equal to `value`. Any other value ends the command with a usage error. */
export const parseChoice = <C extends string>(option: string, value: string, choices: readonly C[]): C => {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw unknownValue(option, value, choices)
  return found
}
