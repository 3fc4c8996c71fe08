/** A run on live nodes while it is under way, and its result once it is over. */
import { Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LabRun } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import { useFormats } from './formats.ts';
import { useLabStore } from './hooks.ts';
import { TotalsTable } from './totals-table.tsx';

export const isUnderWay = (run: LabRun | null): boolean => run?.state === 'running' || run?.state === 'settling';

export const RunProgress = ({ run }: { readonly run: LabRun }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  return (
    <div className="lab-run-progress">
      <p className="lab-note">{t(`run.states.${run.state}`, { done: run.settled, of: run.of })}</p>
      <progress value={run.settled + run.leftOut} max={Math.max(1, run.of)} aria-label={t('run.progress')} />
      <Button look="quiet" small onPress={() => store.say('run', { what: 'run-cancel' })}>
        <Square size={14} aria-hidden="true" />
        {t('run.cancel')}
      </Button>
    </div>
  );
};

/** A run that is over: how it ended, and what it showed. */
export const RunResult = ({ run }: { readonly run: LabRun }) => {
  const { t } = useTranslation('lab');
  const formats = useFormats();
  const title = t('run.result', { experiment: run.experiment });
  return (
    <div className="lab-run-result">
      <h3 className="lab-sub">{title}</h3>
      <p className="lab-note">
        {t(`run.states.${run.state}`, { done: run.settled, of: run.of })}{' '}
        {run.leftOut > 0 ? t('run.leftOut', { count: run.leftOut }) : null}
      </p>
      <p className="lab-faint">
        {t('run.settings', {
          loss: formats.share(run.settings.loss),
          from: formats.ms(run.settings.latencyMinMs),
          to: formats.ms(run.settings.latencyMaxMs),
          retries: run.settings.maxRetries,
          timeout: formats.ms(run.settings.ackTimeoutMs),
        })}
      </p>
      {run.results === null ? null : <TotalsTable totals={run.results} caption={title} />}
    </div>
  );
};
