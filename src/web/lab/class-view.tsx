/** The class: a teacher opens one, students join from their phones, predict, and see what became of it. */
import './class-view.css';
import './node-panel.css';
import './welcome.css';
import { useTranslation } from 'react-i18next';
import { useChat } from '../store/hooks.ts';
import { Button } from '../ui/button.tsx';
import { scrollable } from '../ui/scrollable.ts';
import { Announcer } from './announcer.tsx';
import { ClassResults } from './class-results.tsx';
import { ClassStudent } from './class-student.tsx';
import { ClassTeacher } from './class-teacher.tsx';
import { useLab, useLabStore } from './hooks.ts';
import { Refused } from './refused.tsx';
import type { ViewProps } from './view-props.ts';

const steps = ['open', 'join', 'predict', 'run'] as const;

/** No class is open: what one is, and how it begins. */
const NoClass = ({ code }: { readonly code: string | null }) => {
  const { t } = useTranslation('lab');
  const store = useLabStore();
  const guest = useChat((state) => state.you?.role === 'guest');
  return (
    <section className="lab-card lab-class-none" aria-label={t('class.none')}>
      <h2 className="lab-welcome-title">{code === null ? t('class.none') : t('class.gone', { code })}</h2>
      <p className="lab-welcome-about">{t('class.about')}</p>
      <ol className="lab-steps">
        {steps.map((step) => (
          <li key={step}>
            <strong>{t(`class.steps.${step}.title`)}</strong>
            <p className="lab-note">{t(`class.steps.${step}.about`)}</p>
          </li>
        ))}
      </ol>
      {guest ? (
        <p className="lab-note">{t('refusals.guests-may-not')}</p>
      ) : (
        <Button onPress={() => store.say('class', { what: 'class-open' })}>{t('class.open')}</Button>
      )}
      <Refused scope="class" />
    </section>
  );
};

export const ClassView = ({ item }: ViewProps) => {
  const open = useLab((state) => state.model.class);
  const known = useLab((state) => state.model.known);
  const you = useChat((state) => state.you?.id ?? null);
  if (!known) return <div className="lab-body" aria-busy="true" />;
  return (
    <div className="lab-body" {...scrollable}>
      <div className="lab-class">
        {open === null ? (
          <NoClass code={item} />
        ) : open.teacher === you ? (
          <ClassTeacher open={open} />
        ) : (
          <ClassStudent open={open} code={item} />
        )}
        {open === null ? null : <ClassResults open={open} />}
      </div>
      <Announcer />
    </div>
  );
};
