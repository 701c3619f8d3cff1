/** Glance's image IDs are UUIDs in upper or lower case. glance: glance/api/v2/images.py, get_base_properties. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isUuid = (id: string): boolean => UUID.test(id)
