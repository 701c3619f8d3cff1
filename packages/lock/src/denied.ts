import type { CloudIdentity, ImageRef } from '@imago/core'

/** `[provider/]cloud[@region]`, in every way in which a user can name this cloud. */
const cloudNames = ({ provider, cloud, region }: CloudIdentity): readonly string[] => {
  const name = cloud ?? ''
  const names = region === null ? [name] : [name, `${name}@${region}`]
  return [...names, ...names.map((one) => `${provider}/${one}`)]
}

/** Whether `deny` names the image, by its cloud in any spelling and its ID. */
export const isDenied = (deny: readonly string[], ref: ImageRef): boolean =>
  cloudNames(ref).some((name) => deny.includes(`${name}:id:${ref.id}`))
