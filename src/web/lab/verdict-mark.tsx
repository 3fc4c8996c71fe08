import { CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react';
import type { LabVerdict } from '../../protocol/index.ts';

const icons = { consistent: CircleCheck, 'not-consistent': TriangleAlert, 'too-few': CircleHelp } as const;

/** A verdict as a shape: each of the three has one of its own. Decoration: its word always stands beside it. */
export const VerdictMark = ({ verdict }: { readonly verdict: LabVerdict }) => {
  const Icon = icons[verdict];
  return (
    <span className="verdict-mark" data-verdict={verdict}>
      <Icon size={18} aria-hidden="true" />
    </span>
  );
};
