/**
 * One dial: a slider for the hand and a field for the number. What is being set is nobody else’s before it is let go; what
 * others set is shown at once, unless this one is being set right now.
 */
import { type KeyboardEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LabSettings, type NumericSetting, problemsOf } from '../../lab/index.ts';
import { useDialProblem } from './refused.tsx';

interface DialFieldProps {
  readonly setting: NumericSetting;
  readonly settings: LabSettings;
  readonly disabled: boolean;
  readonly onChange: (value: number) => void;
}

/** What is being set. Once let go it is over those settings: the next ones take its place. */
interface Draft {
  readonly text: string;
  readonly over: LabSettings | null;
}

/** How a dial is shown: in which unit, and what its slider reaches. The field takes whatever the model does. */
const looks = {
  loss: { unit: '%', per: 100, max: 100, step: 1 },
  latencyMinMs: { unit: 'ms', per: 1, max: 1_000, step: 5 },
  latencyMaxMs: { unit: 'ms', per: 1, max: 1_000, step: 5 },
  maxRetries: { unit: '', per: 1, max: 10, step: 1 },
  ackTimeoutMs: { unit: 'ms', per: 1, max: 3_000, step: 50 },
  window: { unit: '', per: 1, max: 64, step: 1 },
} as const satisfies Record<NumericSetting, unknown>;

/** 0.1 times 100 is not 10 to a computer; to people it is. */
const tidy = (value: number): number => Number(value.toFixed(6));

export const DialField = ({ setting, settings, disabled, onChange }: DialFieldProps) => {
  const { t } = useTranslation('lab');
  const tell = useDialProblem();
  const id = useId();
  const { unit, per, max, step } = looks[setting];
  const shown = tidy(settings[setting] * per);
  const [typed, setTyped] = useState<Draft | null>(null);
  const draft = typed !== null && (typed.over === null || typed.over === settings) ? typed.text : null;
  const setDraft = (text: string | null) => setTyped(text === null ? null : { text, over: null });

  const value = draft === null || draft.trim() === '' ? Number.NaN : tidy(Number(draft) / per);
  const problems = draft === null ? [] : problemsOf({ ...settings, [setting]: value });
  const commit = (): void => {
    if (draft === null || problems.length > 0) return;
    const same = value === settings[setting];
    setTyped(same ? null : { text: draft, over: settings });
    if (!same) onChange(value);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit();
    if (event.key === 'Escape') setDraft(null);
  };
  const error = problems[0];
  return (
    <div className="lab-dial" data-bad={error ? true : undefined}>
      <label htmlFor={id}>{t(`dials.${setting}`)}</label>
      <span className="lab-dial-number">
        <input
          id={id}
          className="lab-input"
          type="number"
          step="any"
          inputMode="decimal"
          value={draft ?? shown}
          disabled={disabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${id}-why` : undefined}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={onKey}
        />
        <span className="lab-dial-unit">{unit}</span>
      </span>
      <input
        className="lab-slider"
        type="range"
        aria-label={t(`dials.${setting}`)}
        min={0}
        max={Math.max(max, shown)}
        step={step}
        value={draft ?? shown}
        disabled={disabled}
        onChange={(event) => setDraft(event.target.value)}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      {error ? (
        <p className="field-error" id={`${id}-why`}>
          {tell(error)}
        </p>
      ) : null}
    </div>
  );
};
