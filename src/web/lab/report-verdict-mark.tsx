/** One of the three verdicts, by shape, colour and word. */
import { Check, CircleHelp, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Verdict } from '../../lab/index.ts';

const shapes = { consistent: Check, 'not-consistent': X, 'too-few': CircleHelp } as const;

export const VerdictMark = ({ verdict, small = false }: { readonly verdict: Verdict; readonly small?: boolean }) => {
  const { t } = useTranslation('lab');
  const Shape = shapes[verdict];
  return (
    <span className="verdict" data-verdict={verdict} data-small={small || undefined}>
      <Shape size={small ? 13 : 16} aria-hidden="true" />
      {t(`guided.verdicts.${verdict}`)}
    </span>
  );
};
