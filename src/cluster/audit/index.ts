/** The door of the audit. */

export { isBroken } from './auditor.ts';
export { type AuditPanel, type AuditPanelOptions, type AuditSession, newAuditPanel } from './panel.ts';
export { auditLine, auditText } from './report.ts';
export { type AuditOptions, type AuditView, type AuditWatch, runAudit } from './run.ts';
