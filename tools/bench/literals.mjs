// The lower bound of reading a page: only allocates its images, with the values of images that were read before.

const copyDigest = ({ algorithm, value, of, assertedBy }) => ({ algorithm, value, of, assertedBy })
const copyOrigin = ({ relation, kind, id, name, url }) => ({ relation, kind, id, name, url })
const copyText = (text) => text

/** Literals, because they allocate no more than the list holds. Empty lists are shared, as in images that were read. */
const copyList = (list, copy) => {
  if (list.length === 0) return list
  if (list.length === 1) return [copy(list[0])]
  return list.length === 2 ? [copy(list[0]), copy(list[1])] : list.map((element) => copy(element))
}

/** Returns a function that copies images like `sample` in one literal, without what all images of a provider share. */
const createCopy = (sample) => {
  const sharesBoot = Object.isFrozen(sample.boot)
  const sharesFormat = Object.isFrozen(sample.format)
  const sharesProperties = Object.isFrozen(sample.properties)
  return (image, raw) => {
    const { ref, os, boot, format, size } = image
    return {
      ref: { provider: ref.provider, cloud: ref.cloud, region: ref.region, id: ref.id },
      name: image.name,
      description: image.description,
      kind: image.kind,
      status: image.status,
      providerStatus: image.providerStatus,
      visibility: image.visibility,
      hidden: image.hidden,
      owner: image.owner,
      protected: image.protected,
      rapidDeploy: image.rapidDeploy,
      architecture: image.architecture,
      os: { family: os.family, distro: os.distro, version: os.version, defaultUser: os.defaultUser },
      boot: sharesBoot ? boot : { firmware: boot.firmware, secureBoot: boot.secureBoot },
      format: sharesFormat ? format : { disk: format.disk, container: format.container },
      size: { stored: size.stored, virtual: size.virtual, minDisk: size.minDisk, minRam: size.minRam },
      digests: copyList(image.digests, copyDigest),
      createdAt: image.createdAt,
      updatedAt: image.updatedAt,
      deletedAt: image.deletedAt,
      deprecatedAt: image.deprecatedAt,
      unavailableAfter: image.unavailableAfter,
      origins: copyList(image.origins, copyOrigin),
      stores: copyList(image.stores, copyText),
      labels: image.labels,
      tags: copyList(image.tags, copyText),
      properties: sharesProperties ? image.properties : { ...image.properties },
      raw,
    }
  }
}

/** Returns a function that makes the images `items` of a page again. */
export const createLiterals = (items) => {
  const copy = createCopy(items[0])
  const literals = (page) => page.images.map((record, index) => copy(items[index], record))
  if (JSON.stringify(literals({ images: items.map(({ raw }) => raw) })) !== JSON.stringify(items))
    throw new Error('the literals are not the images that were read')
  return literals
}
