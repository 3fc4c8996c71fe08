/** A run that is under way, or that ended without a result: how far it is, how to stop it, what to do next. */
import { Play, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useReason } from '../ui/problem.tsx';
import type { JobView } from './batch-job.ts';
import type { RunState } from './batch-run.ts';
import { useReportFormats } from './report-formats.ts';

interface RunProps {
  readonly state: RunState<JobView>;
  /** What cannot be run, in words; null when it can. */
  readonly obstacle: string | null;
  readonly onRun: () => void;
  readonly onCancel: () => void;
}

/** How far a run is, 0 to 1; null when it does not say. A failover says only how long it takes. */
const progressOf = (view: JobView | null, now: number): number | null => {
  if (view === null) return null;
  if ('of' in view) return view.of === 0 ? null : view.done / view.of;
  return Math.min(1, Math.max(0, (now - view.startedAt) / (1_000 * view.seconds)));
};

const Progress = ({ view, onCancel }: { readonly view: JobView | null; readonly onCancel: () => void }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const progress = progressOf(view, Date.now());
  const told =
    view !== null && 'of' in view
      ? t('guided.run.done', { done: formats.count(view.done), of: formats.count(view.of) })
      : '';
  return (
    <div className="run-progress">
      <progress aria-label={t('guided.run.progress')} value={progress ?? undefined} max={1} />
      <p className="lab-faint">
        {[progress === null ? t('guided.run.starting') : formats.share(progress), told]
          .filter((one) => one !== '')
          .join(' · ')}
      </p>
      <Button look="quiet" onPress={onCancel}>
        <Square size={15} aria-hidden="true" />
        {t('guided.run.cancel')}
      </Button>
    </div>
  );
};

export const RunPanel = ({ state, obstacle, onRun, onCancel }: RunProps) => {
  const { t } = useTranslation('lab');
  const reason = useReason();
  if (state.phase === 'running') return <Progress view={state.view} onCancel={onCancel} />;
  const trouble =
    state.phase === 'refused'
      ? reason(state.code)
      : state.phase === 'ended'
        ? t(`guided.run.ended.${state.why}`, { detail: state.detail })
        : null;
  return (
    <div className="run-panel">
      {trouble === null ? null : (
        <p className={state.phase === 'ended' && state.why === 'cancelled' ? 'lab-note' : 'field-error'} role="alert">
          {trouble}
        </p>
      )}
      <Button onPress={onRun} isDisabled={obstacle !== null}>
        <Play size={16} aria-hidden="true" />
        {trouble === null ? t('guided.run.run') : t('guided.run.again')}
      </Button>
      {obstacle === null ? null : <p className="field-hint">{obstacle}</p>}
    </div>
  );
};
