/** What the teacher of a class does: lets students in, says who turns the dials, asks, locks, and runs. */
import { Lock, Play } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LabClass } from '../../protocol/index.ts';
import { labPath } from '../app/router.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/check.tsx';
import { useFormats } from './formats.ts';
import { useLab, useLabStore } from './hooks.ts';
import { JoinCode } from './join-code.tsx';
import { NodeMark } from './node-mark.tsx';
import { Refused } from './refused.tsx';
import { isUnderWay, RunProgress } from './run-progress.tsx';

const experiments = [1, 2] as const;
const sizes = [20, 50, 100, 200] as const;
/** Of each phone, both methods together: a whole class of them is still far from what a server can pass on. */
const perSecond = 10;

const Students = () => {
  const { t } = useTranslation('lab');
  const nodes = useLab((state) => state.model.nodes);
  const students = [...nodes.values()].filter(({ inClass }) => inClass);
  return (
    <>
      <h3 className="lab-sub">
        {t('class.students')} <span className="lab-count">{students.length}</span>
      </h3>
      {students.length === 0 ? <p className="lab-note">{t('class.nobody')}</p> : null}
      <ul className="lab-class-students">
        {students.map(({ id, name }) => (
          <li key={id}>
            <NodeMark name={name} />
            {name}
          </li>
        ))}
      </ul>
    </>
  );
};

const Ask = () => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  return (
    <div className="lab-class-ask">
      {experiments.map((experiment) => (
        <Button
          key={experiment}
          look="quiet"
          small
          onPress={() => store.say('class', { what: 'class-ask', experiment })}
        >
          {t('class.ask', { experiment })}
        </Button>
      ))}
    </div>
  );
};

/** From the question to the run, one step after the other. */
const Question = ({ open }: { readonly open: LabClass }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const formats = useFormats();
  const run = useLab((state) => state.model.run);
  const [messages, setMessages] = useState<number>(50);
  const { question, nodes } = open;
  if (run !== null && isUnderWay(run)) return <RunProgress run={run} />;
  if (question === null) {
    return (
      <>
        <p className="lab-note">{t('class.askAbout')}</p>
        <Ask />
      </>
    );
  }
  const { experiment } = question;
  if (question.state === 'done') {
    return (
      <>
        <p className="lab-note">{t('class.doneAbout')}</p>
        <Ask />
      </>
    );
  }
  return (
    <>
      <p className="lab-class-question">{t(`run.about.${experiment}`)}</p>
      <p className="lab-note">{t('class.predictions', { count: question.predictions, nodes })}</p>
      {question.state === 'open' ? (
        <Button look="quiet" small onPress={() => store.say('class', { what: 'class-lock' })}>
          <Lock size={14} aria-hidden="true" />
          {t('class.lock')}
        </Button>
      ) : (
        <p className="lab-note">{t('class.locked')}</p>
      )}
      <div className="lab-send-line">
        <label className="lab-label">
          {t('class.each')}
          <select className="lab-select" value={messages} onChange={({ target }) => setMessages(Number(target.value))}>
            {sizes.map((size) => (
              <option key={size} value={size}>
                {formats.count(size)}
              </option>
            ))}
          </select>
        </label>
        <Button small onPress={() => store.say('class', { what: 'run', experiment, messages, perSecond })}>
          <Play size={14} aria-hidden="true" />
          {t('class.run')}
        </Button>
      </div>
      <p className="lab-faint">{t('class.pooled', { count: messages * nodes })}</p>
    </>
  );
};

export const ClassTeacher = ({ open }: { readonly open: LabClass }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  return (
    <>
      <section className="lab-card lab-class-door" aria-label={t('class.door')}>
        <div className="lab-class-code">
          <h2 className="lab-card-title">{t('class.door')}</h2>
          <p className="lab-note">{t('class.doorAbout')}</p>
          <p className="lab-class-letters">{open.code}</p>
          <Choice
            title={t('class.dials')}
            value={open.dials}
            options={(['teacher', 'everybody'] as const).map((value) => ({ value, text: t(`class.who.${value}`) }))}
            onChange={(who) => store.say('class', { what: 'class-dials', who })}
          />
          <Button look="quiet" small onPress={() => store.say('class', { what: 'class-close' })}>
            {t('class.close')}
          </Button>
        </div>
        <JoinCode path={labPath('class', open.code)} />
      </section>
      <section className="lab-card lab-class-steps" aria-label={t('class.question')}>
        <h2 className="lab-card-title">{t('class.question')}</h2>
        <Question open={open} />
        <Refused scope="class" />
        <Refused scope="run" />
        <Students />
      </section>
    </>
  );
};
