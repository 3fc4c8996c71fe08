/** The door of the audit. */

export { isBroken } from './auditor.ts';
export { auditLine, auditText } from './report.ts';
export { type AuditOptions, type AuditView, type AuditWatch, runAudit } from './run.ts';
