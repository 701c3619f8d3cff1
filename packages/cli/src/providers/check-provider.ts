import { PROVIDER_CONTRACT, type Provider } from '@imago/provider-kit'
import * as E from 'fp-ts/lib/Either.js'

/** A provider's name. It precedes the cloud's name in addresses, so it must not contain `/`, `@` or `:`. */
const NAME = /^[a-z][a-z0-9-]{0,31}$/

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
const isFunction = (value: unknown): boolean => typeof value === 'function'
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every((one) => typeof one === 'string')
const isVocabularies = (value: unknown): boolean =>
  isObject(value) && value['architectures'] instanceof Map && value['operatingSystems'] instanceof Map

/** The expected type of each member of a provider. Providers may be written in JavaScript, without type checks. */
const PARTS: Readonly<
  Record<
    Exclude<keyof Provider, 'contract' | 'idLength' | 'inRegion' | 'findRemaining'>,
    readonly [expected: string, fits: (value: unknown) => boolean]
  >
> = {
  name: ['a name of lower case letters, digits and dashes', (value) => typeof value === 'string' && NAME.test(value)],
  title: ['a text', (value) => typeof value === 'string' && value !== ''],
  reader: [
    'an image reader',
    (value) => isObject(value) && typeof value['provider'] === 'string' && Array.isArray(value['fields']),
  ],
  declared: [
    'capabilities',
    (value) => isObject(value) && isTextList(value['operations']) && isTextList(value['filters']),
  ],
  words: ['an object of two Maps, architectures and operatingSystems', isVocabularies],
  services: ['a list of strings', isTextList],
  configuredBy: ['a list of strings', isTextList],
  discover: ['a function', isFunction],
  describe: ['a function', isFunction],
  secrets: ['a function', isFunction],
  connect: ['a function', isFunction],
}

/** Checks that an export is a provider; returns the reason if it is not. */
export const checkProvider = (exported: unknown): E.Either<string, Provider> => {
  if (!isObject(exported)) return E.left('it exports no `provider`')
  // Unchecked: any value, which the error shows.
  const contract = exported['contract'] as number | undefined
  if (contract === undefined)
    return E.left(
      `its \`provider\` has no \`contract\`; this imago has version ${PROVIDER_CONTRACT} of the provider contract`,
    )
  if (contract !== PROVIDER_CONTRACT)
    return E.left(
      `it is made for version ${String(contract)} of the provider contract, and this imago has version ${PROVIDER_CONTRACT}`,
    )
  const wrong = Object.entries(PARTS).find(([part, [, fits]]) => !fits(exported[part]))
  if (wrong !== undefined) return E.left(`its \`${wrong[0]}\` is not ${wrong[1][0]}`)
  const provider = exported as unknown as Provider
  return provider.reader.provider === provider.name
    ? E.right(provider)
    : E.left(
        `its reader reads images of ${JSON.stringify(provider.reader.provider)}, and its name is ${JSON.stringify(provider.name)}`,
      )
}
