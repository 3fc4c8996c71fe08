/** An experiment on the nodes that are here: started, watched, cancelled, and its result against theory. */
import { Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import { Refused } from './refused.tsx';
import { isUnderWay, RunProgress, RunResult } from './run-progress.tsx';
import { Switch } from './switch.tsx';

const experiments = ['1', '2'] as const;
const sizes = [100, 400, 1_000] as const;
/** Of each sender, both methods together: as quick as real pages answer without their own cost being felt. */
const perSecond = 50;

export const RunCard = () => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const formats = useFormats();
  const nodes = useLab((state) => state.model.nodes);
  const mine = useLab((state) => state.model.mine);
  const run = useLab((state) => state.model.run);
  const [experiment, setExperiment] = useState<(typeof experiments)[number]>('1');
  const [messages, setMessages] = useState<number>(400);
  const [chosen, setChosen] = useState<{ readonly from?: string; readonly to?: string }>({});
  const all = [...nodes.values()];
  const from = nodes.get(chosen.from ?? '') ?? nodes.get(mine[0] ?? '') ?? all[0];
  const others = all.filter(({ id }) => id !== from?.id);
  const to = others.find(({ id }) => id === chosen.to) ?? others[0];
  const start = (event: FormEvent) => {
    event.preventDefault();
    if (!from || !to) return;
    const number = experiment === '1' ? 1 : 2;
    store.say('run', { what: 'run', experiment: number, from: from.id, to: to.id, messages, perSecond });
  };
  const select = (end: 'from' | 'to', value: string, options: typeof all) => (
    <label className="lab-label">
      {t(`run.${end}`)}
      <select
        className="lab-select"
        value={value}
        onChange={({ target }) => setChosen({ ...chosen, [end]: target.value })}
      >
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="lab-card" aria-label={t('run.title')}>
      <div className="lab-card-head">
        <h2 className="lab-card-title">{t('run.title')}</h2>
      </div>
      {run !== null && isUnderWay(run) ? (
        <RunProgress run={run} />
      ) : from && to ? (
        <form className="lab-run" onSubmit={start}>
          <p className="lab-note">{t(`run.about.${experiment}`)}</p>
          <div className="lab-send-line">
            <Switch
              title={t('run.which')}
              value={experiment}
              options={experiments.map((value) => ({ value, text: t('run.experiment', { number: value }) }))}
              onChange={setExperiment}
            />
            {select('from', from.id, all)}
            {select('to', to.id, others)}
            <label className="lab-label">
              {t('run.messages')}
              <select
                className="lab-select"
                value={messages}
                onChange={({ target }) => setMessages(Number(target.value))}
              >
                {sizes.map((size) => (
                  <option key={size} value={size}>
                    {formats.count(size)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <Button type="submit" small>
            <Play size={14} aria-hidden="true" />
            {t('run.start')}
          </Button>
        </form>
      ) : (
        <p className="lab-note">{t('run.needsTwo')}</p>
      )}
      <Refused scope="run" />
      {run !== null && !isUnderWay(run) ? <RunResult run={run} /> : null}
    </section>
  );
};
