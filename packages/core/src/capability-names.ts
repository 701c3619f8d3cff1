/** What a source may be able to do beyond reading, in the order of the capability matrix: the optional methods of `ImageSource`. */
export const CAPABILITY_NAMES = [
  'owner',
  'update',
  'remove',
  'protect',
  'hide',
  'deactivate',
  'setVisibility',
  'shares',
  'share',
  'servers',
  'createFromServer',
  'create',
  'upload',
  'download',
  'createFromBytes',
  'estimate',
  'uploadLimits',
  'leftovers',
  'removeLeftover',
  'importFromUrl',
  'copyToStore',
  'operations',
  'operation',
] as const

export type CapabilityName = (typeof CAPABILITY_NAMES)[number]
