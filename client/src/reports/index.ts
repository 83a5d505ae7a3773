export { csvLine } from './formats/csv-line.ts';
export type { OpenReport } from './open-report.ts';
export { ReportJobs, type ChoosePlace, type FetchableReport } from './report-jobs.ts';
export { createReports, type ReportsKeeper } from './reports.ts';
export { readInventoryColumns, usualInventoryColumns, type InventoryColumn } from './sources/inventory-columns.ts';
export { plainText } from './values.ts';
export type { ReportPlace, WrittenReport } from './write-report.ts';
