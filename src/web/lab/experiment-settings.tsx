/** What is set before a run: its fields within their bounds, what is wrong with them, and how many messages it takes. */
import { Dices } from 'lucide-react';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../ui/button.tsx';
import { NumberField } from './experiment-field.tsx';
import type { Form, FormProblem, Setup } from './experiment-form.ts';
import { type ExperimentNumber, type Field, fieldsOf } from './experiment-kinds.ts';
import { adviceOn } from './experiment-samples.ts';
import { useReportFormats } from './report-formats.ts';
import { useFieldWords } from './report-settings.tsx';

/** A seed that nobody has thought of: six digits can be read out in a class. */
export const newSeed = (): number => 1 + Math.floor(Math.random() * 999_999);

interface SettingsProps {
  readonly experiment: ExperimentNumber;
  readonly form: Form;
  readonly problems: readonly FormProblem[];
  readonly onChange: (form: Form) => void;
}

export const ExperimentSettings = ({ experiment, form, problems, onChange }: SettingsProps) => {
  const { t } = useTranslation('lab');
  const words = useFieldWords();
  const errorOf = (field: Field): string | undefined => {
    const problem = problems.find((one) => one.field === field);
    return problem && t(`guided.problems.${problem.reason}`, { bound: problem.bound });
  };
  return (
    <div className="experiment-fields">
      {fieldsOf(experiment).map((field) => (
        <div key={field} className="experiment-field" data-field={field}>
          <NumberField
            label={words.name(field)}
            unit={words.unit(field)}
            value={form[field] ?? ''}
            onChange={(value) => onChange({ ...form, [field]: value })}
            error={errorOf(field)}
          />
          {field === 'seed' ? (
            <IconButton
              label={t('guided.settings.newSeed')}
              onPress={() => onChange({ ...form, seed: String(newSeed()) })}
            >
              <Dices size={18} aria-hidden="true" />
            </IconButton>
          ) : null}
        </div>
      ))}
    </div>
  );
};

/** What so many messages can tell, and how many it would take. */
export const SampleAdvice = ({ setup }: { readonly setup: Setup & { readonly kind: 'links' } }) => {
  const { t } = useTranslation('lab');
  const formats = useReportFormats();
  // Counting how many it takes can take a moment: the form must not wait for it.
  const asked = useDeferredValue(setup);
  const advice = useMemo(() => adviceOn(asked), [asked]);
  const { messages, error, direct, pubsub, needed, same, unseen } = advice;
  const shares = { one: formats.exact(direct), other: formats.exact(pubsub) };
  const isEnough = needed !== null && messages >= needed;
  return (
    <div className="advice" data-short={(!same && !isEnough) || undefined}>
      <p>{t('guided.advice.error', { count: messages, error: formats.exact(error), share: shares.one })}</p>
      {same || asked.experiment > 2 ? null : (
        <p>
          {needed === null
            ? t('guided.advice.close', shares)
            : isEnough
              ? t('guided.advice.enough', { ...shares, needed })
              : t('guided.advice.tooFew', { count: messages, ...shares, needed })}
        </p>
      )}
      {unseen === null || asked.experiment === 4 ? null : (
        <p>{t('guided.advice.unseen', { count: messages, most: formats.exact(unseen) })}</p>
      )}
    </div>
  );
};
