import type { Image, Visibility } from '@imago/core'
import { keep, lose, translate, type FieldDisposition } from './disposition.ts'
import type { RecordOverrides } from './record-overrides.ts'
import type { TargetSupport } from './target-support.ts'

/** Settings that are applied once the image has been verified. Until then, only its owner sees it, and it can be deleted. */
export interface FinalSettings {
  readonly visibility: Exclude<Visibility, 'unknown'> | null
  readonly protect: boolean
  readonly hide: boolean
}

/** The final settings of the new image, with the dispositions of their fields. */
export const planFinalSettings = (
  image: Image | null,
  support: TargetSupport,
  { visibility: requested, protect: isProtectRequested }: RecordOverrides,
  dispositions: FieldDisposition[],
): FinalSettings => {
  const own = image?.visibility ?? 'unknown'
  const from = own === 'unknown' ? null : own
  const wanted = requested ?? (from === 'public' ? null : from)
  const visibility = support.visibility ? wanted : null
  if (visibility !== null)
    dispositions.push(
      visibility === from ? keep('visibility', visibility) : translate('visibility', from, visibility, 'as requested'),
    )
  else if (from !== null)
    dispositions.push(
      lose(
        'visibility',
        from,
        support.visibility
          ? 'not copied, because only operators can create public images: set the visibility to public if you may'
          : 'the target does not support visibility',
      ),
    )
  const isProtected = image?.protected === true
  const protect = isProtectRequested ?? isProtected
  if (protect)
    dispositions.push(
      !support.protect
        ? lose('protected', 'true', 'the target does not support protection')
        : isProtected
          ? keep('protected', 'true')
          : translate('protected', 'false', 'true', 'as requested'),
    )
  const hide = image?.hidden === true
  if (hide)
    dispositions.push(
      support.hide ? keep('hidden', 'true') : lose('hidden', 'true', 'the target does not support hidden images'),
    )
  return { visibility, protect: protect && support.protect, hide: hide && support.hide }
}
