/** A grid of one's own: values of each setting, all crossed, run in one go. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { methods } from '../../lab/index.ts';
import type { LabBatchView } from '../../protocol/index.ts';
import { Link } from '../app/link.tsx';
import { useChat } from '../store/hooks.ts';
import { Check } from '../ui/check.tsx';
import { useRun } from './batch-run.ts';
import { NumberField } from './experiment-field.tsx';
import {
  readSweep,
  rowsOf,
  type SweepField,
  type SweepForm,
  type SweepSetup,
  sweepFields,
  sweepIn,
} from './experiment-grid.ts';
import type { Planted } from './experiment-link.ts';
import { RunPanel } from './experiment-run.tsx';
import { newSeed } from './experiment-settings.tsx';
import type { SweepReport } from './report.ts';
import { useReportFormats } from './report-formats.ts';
import { keepReport } from './report-shelf.ts';
import { ReportView } from './report-view.tsx';

const units: Readonly<Partial<Record<SweepField, string>>> = { loss: '%', latency: 'ms', timeout: 'ms' };

export const SweepPage = ({ search }: { readonly search: string }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  const you = useChat((state) => state.you);
  const hasServer = useChat((state) => state.link.where.kind === 'on');
  const [form, setForm] = useState<SweepForm>(() => sweepIn(search, newSeed()));
  const [report, setReport] = useState<SweepReport | null>(null);
  const { state, start, cancel } = useRun<LabBatchView>();
  const reading = readSweep(form);
  const setup = 'setup' in reading ? reading.setup : null;
  const problems = 'problems' in reading ? reading.problems : [];
  const errorOf = (field: SweepField | 'methods' | 'all'): string | undefined => {
    const problem = problems.find((one) => one.field === field);
    return problem && t(`guided.problems.${problem.reason}`, { bound: formats.count(problem.bound) });
  };
  const keep = (next: SweepReport): void => {
    setReport(next);
    if (you !== null) keepReport(you.id, next);
  };
  const run = async (asked: SweepSetup): Promise<void> => {
    setReport(null);
    const { messages, seed } = asked;
    const result = await start('batches', { rows: rowsOf(asked), messages, seed });
    if (result === null) return;
    keep({ kind: 'sweep', id: result.id, setup: asked, result, prediction: null, planted: null });
  };
  const wrong = errorOf('all') ?? errorOf('methods');
  return (
    <div className="experiment">
      <header className="experiment-head">
        <Link className="experiment-back" href="/lab/experiments">
          {t('guided.experiments.all')}
        </Link>
        <h2 className="experiment-title">{t('guided.sweep.title')}</h2>
        <p className="experiment-question">{t('guided.sweep.question')}</p>
        <p className="lab-note">{t('guided.sweep.about')}</p>
      </header>
      <div className="experiment-columns">
        <div className="experiment-steps">
          <section className="lab-card step">
            <h3 className="lab-card-title">{t('guided.steps.settings')}</h3>
            <fieldset className="plain-fieldset" disabled={state.phase === 'running'}>
              <div className="sweep-methods">
                {methods.map((method) => (
                  <Check
                    key={method}
                    label={t(`methods.${method}`)}
                    checked={form.methods.includes(method)}
                    onChange={(on) =>
                      setForm({
                        ...form,
                        methods: methods.filter((one) => (one === method ? on : form.methods.includes(one))),
                      })
                    }
                  />
                ))}
              </div>
              <div className="experiment-fields">
                {sweepFields.map((field) => (
                  <NumberField
                    key={field}
                    label={t(`guided.sweep.fields.${field}`)}
                    unit={units[field]}
                    value={form[field]}
                    onChange={(value) => setForm({ ...form, [field]: value })}
                    error={errorOf(field)}
                    list={field !== 'messages' && field !== 'seed'}
                  />
                ))}
              </div>
            </fieldset>
            {setup === null ? null : (
              <p className="lab-note">
                {t('guided.sweep.size', {
                  count: rowsOf(setup).length,
                  messages: formats.count(rowsOf(setup).length * setup.messages),
                })}
              </p>
            )}
            <RunPanel
              state={state}
              obstacle={
                wrong ??
                (setup === null ? t('guided.run.needsSettings') : hasServer ? null : t('guided.run.needsServer'))
              }
              onRun={() => setup !== null && void run(setup)}
              onCancel={cancel}
            />
          </section>
        </div>
        <div className="experiment-result">
          {report === null ? null : (
            <ReportView report={report} onPlant={(planted: Planted) => keep({ ...report, planted })} />
          )}
        </div>
      </div>
      <p className="hidden-visually" role="status">
        {report === null ? '' : t('guided.run.finished')}
      </p>
    </div>
  );
};
