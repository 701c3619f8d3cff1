import { nullable, openEnum } from '@imago/codec'
import * as t from 'io-ts'

// Sources: "glance": opendev.org/openstack/glance at c76abb08e (July 2026); paths are in that repository.

/** glance: glance/common/config.py, enabled_import_methods. Plugins may add others. */
export const GlanceImportMethod = openEnum('GlanceImportMethod', [
  'glance-direct',
  'web-download',
  'copy-image',
  'glance-download',
])
export type GlanceImportMethod = t.TypeOf<typeof GlanceImportMethod>

/** The enabled import methods; an enabled method may still fail. glance: glance/api/v2/discovery.py, get_image_import. */
export const GlanceImportMethods = t.intersection(
  [
    t.type({ value: t.array(GlanceImportMethod) }),
    t.partial({ description: nullable(t.string), type: nullable(t.string) }),
  ],
  'GlanceImportMethods',
)
export type GlanceImportMethods = t.TypeOf<typeof GlanceImportMethods>

/** GET /v2/info/import. */
export const GlanceImportInfo = t.type({ 'import-methods': GlanceImportMethods }, 'GlanceImportInfo')
export type GlanceImportInfo = t.TypeOf<typeof GlanceImportInfo>
