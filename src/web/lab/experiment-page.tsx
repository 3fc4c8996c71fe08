/** One guided experiment, from its question to what to take away: settings, a locked prediction, a run, its report. */
import { Lock, RotateCcw } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabBatchView, LabFailoverView, LabThreadsView } from '../../protocol/index.ts';
import { Link } from '../app/link.tsx';
import { useChat } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import type { JobKind, JobView } from './batch-job.ts';
import { useRun } from './batch-run.ts';
import { type Form, formOf, readForm, type Setup } from './experiment-form.ts';
import type { ExperimentNumber } from './experiment-kinds.ts';
import { formIn, type Planted, plantedIn } from './experiment-link.ts';
import { type Answers, LockedPrediction, PredictionForm, predictionIn } from './experiment-prediction.tsx';
import type { Prediction } from './experiment-questions.ts';
import { RunPanel } from './experiment-run.tsx';
import { ExperimentSettings, newSeed, SampleAdvice } from './experiment-settings.tsx';
import { TheoryPanel } from './experiment-theory.tsx';
import type { Report } from './report.ts';
import { keepReport } from './report-shelf.ts';
import { ReportView } from './report-view.tsx';

const jobs: Readonly<Record<Setup['kind'], JobKind>> = { links: 'batches', threads: 'threads', failover: 'failovers' };

/** What the server is told of a setup. */
const bodyOf = (setup: Setup): unknown => {
  if (setup.kind === 'failover') {
    const { perSecond, seconds, killAfterMs } = setup;
    return { perSecond, seconds, killAfterMs };
  }
  const { messages, seed } = setup;
  if (setup.kind === 'threads') return { messages, seed, threads: setup.threads };
  return { experiment: setup.experiment, messages, seed, change: setup.change };
};

/** What came back, with what it was asked for and predicted. */
const reportOf = (setup: Setup, result: JobView, prediction: Prediction | null, planted: Planted): Report => {
  const common = { id: result.id, prediction };
  if (setup.kind === 'threads')
    return { ...common, kind: 'threads', setup, planted: null, result: result as LabThreadsView };
  if (setup.kind === 'failover') {
    return { ...common, kind: 'failover', setup, planted: null, result: result as LabFailoverView };
  }
  return { ...common, kind: 'links', setup, planted, result: result as LabBatchView };
};

const Step = ({ number, title, children }: { number: number; title: string; children: ReactNode }) => (
  <section className="lab-card step">
    <h3 className="lab-card-title step-title">
      <span className="step-number" aria-hidden="true">
        {number}
      </span>
      {title}
    </h3>
    {children}
  </section>
);

/** `locked` without a prediction: it is run without one. */
type Locked = { readonly setup: Setup; readonly prediction: Prediction | null };

export const ExperimentPage = ({ number, search }: { readonly number: ExperimentNumber; readonly search: string }) => {
  const { t } = useTranslation('lab');
  const you = useChat((state) => state.you);
  const hasServer = useChat((state) => state.link.where.kind === 'on');
  const [form, setForm] = useState<Form>(() => formIn(number, search, newSeed()));
  const [answers, setAnswers] = useState<Answers>({});
  const [peeked, setPeeked] = useState(false);
  const [locked, setLocked] = useState<Locked | null>(null);
  const [planted, setPlanted] = useState<Planted>(() => plantedIn(search));
  const [report, setReport] = useState<Report | null>(null);
  const { state, start, cancel } = useRun<JobView>();
  const result = useRef<HTMLDivElement>(null);

  const reading = readForm(number, form);
  const setup = 'setup' in reading ? reading.setup : null;
  const mayKill = you?.role === 'admin' || you?.role === 'owner';
  const obstacle =
    number === 6 && !mayKill
      ? t('guided.run.needsAdmin')
      : !hasServer
        ? t('guided.run.needsServer')
        : locked === null
          ? t('guided.run.needsPrediction')
          : null;

  const keep = (next: Report): void => {
    setReport(next);
    if (you !== null) keepReport(you.id, next);
  };
  const lock = (): void => {
    const given = predictionIn(number, answers);
    if (setup === null || given === null) return;
    setLocked({ setup, prediction: { answers: given, lockedAt: Date.now(), sawTheory: peeked } });
  };
  const run = async (): Promise<void> => {
    if (locked === null) return;
    const found = await start(jobs[locked.setup.kind], bodyOf(locked.setup));
    if (found === null) return;
    keep(reportOf(locked.setup, found, locked.prediction, planted));
    requestAnimationFrame(() => result.current?.focus());
  };
  /** Begins again: another prediction for another run. What was run stays on the device. */
  const again = (): void => {
    setLocked(null);
    setReport(null);
    setAnswers({});
    setPlanted(null);
    setForm({
      ...(locked === null ? form : formOf(locked.setup)),
      ...(number === 6 ? {} : { seed: String(newSeed()) }),
    });
  };

  const isLinks = setup?.kind === 'links';
  return (
    <div className="experiment">
      <header className="experiment-head">
        <Link className="experiment-back" href="/lab/experiments">
          {t('guided.experiments.all')}
        </Link>
        <h2 className="experiment-title">
          {number}. {t(`guided.experiments.${number}.name`)}
        </h2>
        <p className="experiment-question">{t(`guided.experiments.${number}.question`)}</p>
        <p className="lab-note">{t(`guided.experiments.${number}.about`)}</p>
      </header>
      <div className="experiment-columns">
        <div className="experiment-steps">
          <Step number={1} title={t('guided.steps.settings')}>
            <fieldset className="plain-fieldset" disabled={locked !== null}>
              <ExperimentSettings
                experiment={number}
                form={form}
                problems={'problems' in reading ? reading.problems : []}
                onChange={setForm}
              />
            </fieldset>
            {setup?.kind === 'links' ? <SampleAdvice setup={setup} /> : null}
          </Step>
          <Step number={2} title={t('guided.steps.prediction')}>
            {locked === null ? (
              <PredictionForm
                experiment={number}
                answers={answers}
                onChange={setAnswers}
                onLock={lock}
                onSkip={() => setup !== null && setLocked({ setup, prediction: null })}
                ready={setup !== null}
              />
            ) : (
              <>
                {locked.prediction === null ? (
                  <p className="lab-note">{t('guided.prediction.without')}</p>
                ) : (
                  <LockedPrediction experiment={number} prediction={locked.prediction} />
                )}
                <p className="lab-faint step-locked">
                  <Lock size={13} aria-hidden="true" />
                  {t('guided.prediction.locked')}
                </p>
              </>
            )}
          </Step>
          <Step number={3} title={t('guided.steps.run')}>
            {report === null ? (
              <RunPanel state={state} obstacle={obstacle} onRun={() => void run()} onCancel={cancel} />
            ) : (
              <p className="lab-note">{t('guided.run.kept')}</p>
            )}
            {locked !== null && state.phase !== 'running' ? (
              <Button look={report === null ? 'bare' : 'quiet'} onPress={again}>
                {report === null ? null : <RotateCcw size={15} aria-hidden="true" />}
                {report === null ? t('guided.run.unlock') : t('guided.run.new')}
              </Button>
            ) : null}
          </Step>
        </div>
        <div className="experiment-result" ref={result} tabIndex={-1} aria-live="off">
          {report === null && isLinks ? (
            <TheoryPanel setup={setup} open={locked !== null} onPeek={() => setPeeked(true)} />
          ) : null}
          {report === null && !isLinks ? (
            <section className="lab-card">
              <h3 className="lab-card-title">{t('guided.theory.title')}</h3>
              <p className="lab-note">
                {setup === null
                  ? t('guided.theory.broken')
                  : number === 5
                    ? t('guided.theory.threads')
                    : t('guided.theory.failover')}
              </p>
            </section>
          ) : null}
          {report === null ? null : (
            <ReportView
              report={report}
              onPlant={(next) => report.kind === 'links' && keep({ ...report, planted: next })}
            />
          )}
        </div>
      </div>
      <p className="hidden-visually" role="status">
        {report === null ? '' : t('guided.run.finished')}
      </p>
    </div>
  );
};
