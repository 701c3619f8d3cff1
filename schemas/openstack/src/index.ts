export { GLANCE_BASE_KEYS, GlanceImage, GlanceImageStatus, GlanceLocation, GlanceVisibility } from './image.ts'
