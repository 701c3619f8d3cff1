import type { CapabilityName } from '../capability-names.ts'
import type { ImageSource } from './source.ts'

type OptionalNames<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** A one-sentence description of each capability. Compiles only if the names are those of the optional methods of `ImageSource`. */
export const CAPABILITIES: Readonly<Record<CapabilityName, string>> = {
  owner: 'Returns the owner of new images.',
  update: 'Changes name, description, labels or other fields of an image.',
  delete: 'Deletes an image.',
  protect: 'Protects an image against deletion, or removes the protection.',
  hide: 'Hides an image from default lists, or shows it.',
  deactivate: 'Deactivates or reactivates an image.',
  setVisibility: 'Sets who can see an image.',
  shares: 'Lists the projects that an image is shared with.',
  share: 'Shares an image with individual projects.',
  servers: 'Lists the servers that an image can be created from.',
  createFromServer: 'Creates an image from the disk of a server.',
  create: 'Creates the record of an image, without data.',
  upload: 'Uploads data to an image.',
  download: 'Reads the data of an image.',
  createFromBytes: 'Creates an image from bytes, record and data at once.',
  estimate: 'Estimates the resources and cost of a transfer.',
  uploadLimits: 'Reports the limits of new images: quotas, stores, formats.',
  orphans: 'Lists resources that an interrupted run left behind.',
  deleteOrphan: 'Deletes a resource that an interrupted run left behind.',
  importFromUrl: 'Lets the provider fetch the data of an image from a URL.',
  copyToStore: 'Copies the data of an image to other stores of the provider.',
  operations: 'Lists the operations of an image.',
  operation: 'Returns the status of an operation.',
  usage: 'Lists what uses the images: servers, volumes, other images.',
  prices: 'Returns the prices of storing images.',
} satisfies Record<OptionalNames<ImageSource>, string>
