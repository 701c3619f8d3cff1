export { renderReport } from './render-report.ts'
export type { EarlierState, ReportInput } from './report-input.ts'
