import {
  FIELD_NAMES,
  identityField,
  createNormalizer,
  createRuleBuilders,
  type Image,
  type ImageRef,
} from '@imago/core/provider'

const { declared } = createRuleBuilders<{ readonly id: string }>()
const bare = createNormalizer<{ readonly id: string }>('memory', {
  'ref.id': identityField(declared(['id'], ({ id }) => id)),
})

type Given<A> = A extends readonly unknown[] ? A : A extends object ? (string extends keyof A ? A : Partial<A>) : A

/** Some fields of an image; nested objects such as `os` and `size` may also be partial. */
export type ImageValues = { readonly [K in keyof Omit<Image, 'ref'>]?: Given<Image[K]> }

const GROUPS: ReadonlySet<string> = new Set(
  FIELD_NAMES.flatMap((field) => (field.includes('.') ? [field.slice(0, field.indexOf('.'))] : [])),
)

/** Creates an image that has only its ID and `fields`: for tests, and for sources that are not clouds. */
export const bareImage = (id: string, fields: ImageValues = {}, place: Partial<Omit<ImageRef, 'id'>> = {}): Image => {
  const image = bare({ id }, { cloud: null, region: null }, null)
  const given = Object.entries(fields).map(([key, value]) => [
    key,
    GROUPS.has(key) ? { ...(image[key as keyof Image] as object), ...(value as object) } : value,
  ])
  return { ...image, ...(Object.fromEntries(given) as Partial<Image>), ref: { ...image.ref, ...place } }
}
