import './welcome.css';
import { useTranslation } from 'react-i18next';
import { InviteButton, JoinForm } from './nodes-card.tsx';

const steps = ['join', 'other', 'send'] as const;

/** What whoever comes for the first time reads: what this is, and the three things to do. */
export const Welcome = () => {
  const { t } = useTranslation('lab');
  return (
    <section className="lab-card lab-welcome" aria-label={t('welcome.title')}>
      <h2 className="lab-welcome-title">{t('welcome.title')}</h2>
      <p className="lab-welcome-about">{t('welcome.about')}</p>
      <ol className="lab-steps">
        {steps.map((step) => (
          <li key={step}>
            <strong>{t(`welcome.${step}.title`)}</strong>
            <p className="lab-note">{t(`welcome.${step}.about`)}</p>
            {step === 'join' ? <JoinForm first /> : null}
            {step === 'other' ? <InviteButton /> : null}
          </li>
        ))}
      </ol>
    </section>
  );
};
