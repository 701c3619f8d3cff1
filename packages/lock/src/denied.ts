import type { CloudIdentity, ImageRef } from '@imago/core'

/** `[provider/]cloud[@region]`, in every form in which a user can name this cloud. */
const cloudNames = ({ provider, cloud, region }: CloudIdentity): readonly string[] => {
  const name = cloud ?? ''
  const names = region === null ? [name] : [name, `${name}@${region}`]
  return [...names, ...names.map((one) => `${provider}/${one}`)]
}

/** Whether `deny` names the image, by its ID and any name of its cloud. */
export const isDenied = (deny: readonly string[], ref: ImageRef): boolean =>
  cloudNames(ref).some((name) => deny.includes(`${name}:id:${ref.id}`))
