import { apiError, invalidField } from './api-error.ts'
import { DATACENTERS, type Datacenter } from './catalogue/datacenters.ts'
import { SERVER_TYPES, type ServerType } from './catalogue/server-types.ts'
import { findImage, type ApiContext } from './context.ts'
import { isOffered, type StoredImage } from './image.ts'
import type { Project } from './project.ts'
import type { StoredSshKey } from './ssh-key.ts'

/** Whether a record matches `ID or name`. The ID may be a string. */
export const matchesIdOrName = (
  { id, name }: { readonly id: number; readonly name: string | null },
  wanted: string | number,
): boolean => String(id) === String(wanted) || name === wanted

export const findServerType = (wanted: string | number): ServerType => {
  const type = SERVER_TYPES.find((one) => matchesIdOrName(one, wanted))
  if (type === undefined) throw invalidField('server_type', `server type '${wanted}' not found`)
  return type
}

/** Returns the named data center, or one of the named location; by default the first. */
export const findDatacenter = (
  location: string | number | undefined,
  datacenter: string | number | undefined,
): Datacenter => {
  if (location !== undefined && datacenter !== undefined)
    throw invalidField('location', 'must not be used together with datacenter')
  const found = DATACENTERS.find((one) =>
    datacenter === undefined
      ? location === undefined || matchesIdOrName(one.location, location)
      : matchesIdOrName(one, datacenter),
  )
  if (found === undefined)
    throw invalidField(datacenter === undefined ? 'location' : 'datacenter', `'${datacenter ?? location}' not found`)
  return found
}

/** Returns an image for a server of this type. A name refers to the image of the type's architecture, preferably one that is not deprecated. */
export const findServerImage = (
  context: ApiContext,
  project: Project,
  type: ServerType,
  wanted: string | number,
): StoredImage => {
  const byId = /^\d+$/.test(String(wanted)) ? findImage(context, project, Number(wanted)) : null
  const byName = [...context.offered.values()].filter(
    ({ name, architecture }) => name === wanted && architecture === type.architecture,
  )
  const image = byId ?? byName.find(({ deprecation }) => deprecation === null) ?? byName[0]
  if (image === undefined || !isOffered(image, context.clock()))
    throw invalidField('image', `image '${wanted}' not found`)
  if (image.architecture !== type.architecture)
    throw invalidField(
      'image',
      `architecture ${image.architecture} does not fit server type ${type.name} (${type.architecture})`,
    )
  if (image.diskSize > type.disk)
    throw invalidField(
      'image',
      `a disk of ${image.diskSize} GB does not fit server type ${type.name} (${type.disk} GB)`,
    )
  if (image.status !== 'available') throw apiError('resource_unavailable', `image is ${image.status}`)
  return image
}

export const findSshKeys = (project: Project, wanted: readonly (string | number)[]): readonly StoredSshKey[] =>
  wanted.map((one) => {
    const key = [...project.sshKeys.values()].find((each) => matchesIdOrName(each, one))
    if (key === undefined) throw invalidField('ssh_keys', `SSH key '${one}' not found`)
    return key
  })
