/** A number with its unit, and what is wrong with it: as narrow as a number is. */
import { useId } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly unit?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly hint?: string | undefined;
  /** A list of numbers, or of ranges, takes other keys and more room. */
  readonly list?: boolean;
}

export const NumberField = ({ label, unit, value, onChange, error, hint, list = false }: NumberFieldProps) => {
  const id = useId();
  const below = error ?? hint;
  return (
    <div className="number-field" data-list={list || undefined}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <span className="number-input" data-invalid={error === undefined ? undefined : ''}>
        <input
          id={id}
          value={value}
          inputMode={list ? 'text' : 'decimal'}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={below === undefined ? undefined : `${id}-below`}
          onChange={(event) => onChange(event.target.value)}
        />
        {unit === undefined ? null : <span className="number-unit">{unit}</span>}
      </span>
      {below === undefined ? null : (
        <span id={`${id}-below`} className={error === undefined ? 'field-hint' : 'field-error'}>
          {below}
        </span>
      )}
    </div>
  );
};
