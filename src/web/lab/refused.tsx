/** Why something was not done, said where it was asked for. */
import { useTranslation } from 'react-i18next';
import type { LabDialProblem } from '../../protocol/index.ts';
import { useFormats } from './formats.ts';
import { useLab } from './hooks.ts';

/** What is wrong with a dial, as a sentence. */
export const useDialProblem = (): ((problem: LabDialProblem) => string) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  return ({ setting, reason, bound = 0 }) => {
    const shown = setting === 'loss' ? formats.share(bound) : formats.count(bound);
    return t(`problems.${reason}`, { dial: t(`dials.${setting}`), bound: shown });
  };
};

/** The refusal of a scope, also to screen readers; nothing when nothing was refused. */
export const Refused = ({ scope }: { readonly scope: string }) => {
  const { t } = useTranslation('lab');
  const refusal = useLab((state) => state.refusals[scope]);
  const problem = useDialProblem();
  if (!refusal) return null;
  const { code, problems = [] } = refusal;
  return (
    <p className="field-error" role="alert">
      {problems.length > 0 ? problems.map(problem).join(' ') : t(`refusals.${code}`)}
    </p>
  );
};
