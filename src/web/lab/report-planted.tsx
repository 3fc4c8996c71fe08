/** The test of the test: theory is told another loss than the links have, and the verdict should notice. */
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Check } from '../ui/check.tsx';
import { NumberField } from './experiment-field.tsx';
import { numberIn } from './experiment-form.ts';
import { percentOf, shareOf } from './experiment-kinds.ts';
import type { Planted } from './experiment-link.ts';

interface PlantedProps {
  readonly planted: Planted;
  /** The loss of the run, for what is planted at first. */
  readonly loss: number;
  readonly onChange: (planted: Planted) => void;
}

/** Far enough from the truth for a thousand messages to notice. */
const beside = 0.1;

export const PlantedSwitch = ({ planted, loss, onChange }: PlantedProps) => {
  const { t } = useTranslation('lab');
  const [text, setText] = useState(() => String(percentOf(planted ?? (loss > 0.5 ? loss - beside : loss + beside))));
  const value = numberIn(text);
  const isValid = value >= 0 && value <= 100;
  const change = (next: string): void => {
    setText(next);
    const number = numberIn(next);
    if (number >= 0 && number <= 100) onChange(shareOf(number));
  };
  return (
    <div className="planted">
      <Check
        label={t('guided.planted.switch')}
        hint={t('guided.planted.hint')}
        checked={planted !== null}
        onChange={(on) => onChange(on && isValid ? shareOf(value) : null)}
      />
      {planted === null ? null : (
        <NumberField
          label={t('guided.planted.loss')}
          unit="%"
          value={text}
          onChange={change}
          error={isValid ? undefined : t('guided.problems.too-large', { bound: 100 })}
        />
      )}
    </div>
  );
};

export const PlantedNotice = ({ planted, loss }: { readonly planted: number; readonly loss: string }) => {
  const { t } = useTranslation('lab');
  return (
    <p className="planted-notice">
      <FlaskConical size={16} aria-hidden="true" />
      {t('guided.planted.notice', { planted: `${percentOf(planted)} %`, loss })}
    </p>
  );
};
