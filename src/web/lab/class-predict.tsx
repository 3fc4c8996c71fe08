/** A prediction: the share that is delivered by each method. It can be changed until the teacher locks it. */
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabClass, LabMethod, LabNode } from '../../protocol/index.ts';
import { Button } from '../ui/button.tsx';
import { ChartMark } from './chart-mark.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';

const methods = ['direct', 'pubsub'] as const satisfies readonly LabMethod[];

interface PredictProps {
  readonly node: LabNode;
  readonly question: NonNullable<LabClass['question']>;
}

export const ClassPredict = ({ node, question }: PredictProps) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const formats = useFormats();
  const id = useId();
  const refused = useLab((state) => state.refusals.class !== undefined);
  const [shares, setShares] = useState({ direct: 50, pubsub: 50 });
  const [said, setSaid] = useState(false);
  const predict = (event: FormEvent) => {
    event.preventDefault();
    const prediction = { direct: shares.direct / 100, pubsub: shares.pubsub / 100 };
    setSaid(store.say('class', { what: 'class-predict', node: node.id, ...prediction }));
  };
  const { experiment, state } = question;
  return (
    <form className="lab-predict" onSubmit={predict}>
      <p className="lab-class-question">{t(`run.about.${experiment}`)}</p>
      <p>{t('class.predict')}</p>
      {methods.map((method) => (
        <div key={method} className="lab-predict-line">
          <label htmlFor={`${id}-${method}`}>
            <ChartMark look={method} />
            {t(`methods.${method}`)}
          </label>
          <output htmlFor={`${id}-${method}`}>{formats.share(shares[method] / 100)}</output>
          <input
            id={`${id}-${method}`}
            className="lab-slider"
            type="range"
            min={0}
            max={100}
            step={1}
            value={shares[method]}
            disabled={state !== 'open'}
            onChange={({ target }) => {
              setSaid(false);
              setShares({ ...shares, [method]: Number(target.value) });
            }}
          />
        </div>
      ))}
      {state === 'open' ? (
        <Button type="submit">{t(said && !refused ? 'class.predictAgain' : 'class.predictNow')}</Button>
      ) : (
        <p className="lab-note">{t('class.locked')}</p>
      )}
      {said && !refused && state === 'open' ? (
        <p className="lab-note" role="status">
          {t('class.predicted')}
        </p>
      ) : null}
    </form>
  );
};
