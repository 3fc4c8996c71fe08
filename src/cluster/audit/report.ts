/** An audit's findings in words. */
import { isBroken } from './auditor.ts';
import type { AuditView } from './run.ts';

const foundText = ({ found, servers }: AuditView): string =>
  Object.entries(found)
    .map(([name, count]) => `${name} ${count}${servers[name] === 'up' ? '' : ` (${servers[name]})`}`)
    .join(', ');

const orderText = ({ reordered }: AuditView): string => (reordered === 0 ? 'kept' : `broken ${reordered} times`);

const fingerprintsText = ({ fingerprints, comparedAt }: AuditView): string =>
  comparedAt === null ? fingerprints : `${fingerprints} at ${comparedAt}`;

const partsOf = (view: AuditView): string[] => {
  const { acknowledged, lost, doubled, phantoms, refused } = view;
  const rare = [...(phantoms > 0 ? [`phantoms ${phantoms}`] : []), ...(refused > 0 ? [`refused ${refused}`] : [])];
  return [
    `acknowledged ${acknowledged}`,
    `found ${foundText(view)}`,
    `lost ${lost}`,
    `doubled ${doubled}`,
    `order ${orderText(view)}`,
    ...rare,
    `fingerprints ${fingerprintsText(view)}`,
  ];
};

/** How an audit stands, in one line, the most important first: a narrow terminal shows its beginning. */
export const auditLine = (view: AuditView): string =>
  [isBroken(view) ? 'BROKEN' : 'holds', ...partsOf(view)].join(' | ');

const verdict = (view: AuditView): string => {
  if (isBroken(view)) return 'A PROMISE WAS BROKEN.';
  if (view.acknowledged === 0) return 'Nothing was acknowledged, so nothing was shown.';
  const unchecked = Object.keys(view.servers).filter((name) => view.servers[name] !== 'up');
  if (unchecked.length === 0) return 'Every promise held.';
  return `Nothing is wrong where it could be looked for; not all could be on ${unchecked.join(', ')}.`;
};

/** What an audit has found, with its verdict, ending in a line break. */
export const auditText = (view: AuditView): string =>
  [
    `${verdict(view)} (${view.seconds} s)`,
    ...partsOf(view).map((part) => `  ${part.replace(/^(\S+) /, (_all, word: string) => word.padEnd(14))}`),
    '',
  ].join('\n');
