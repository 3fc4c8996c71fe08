import './field.css';
import { FieldError, Input, type InputProps, Label, Text, TextField } from 'react-aria-components';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly type?: 'text' | 'password';
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
  readonly autoCapitalize?: InputProps['autoCapitalize'];
}

/** One line of text with its label, a hint, and an error that screen readers hear. */
export const Field = (props: FieldProps) => (
  <TextField
    className="field"
    value={props.value}
    onChange={props.onChange}
    isInvalid={props.error !== undefined}
    validationBehavior="aria"
    type={props.type ?? 'text'}
    autoFocus={props.autoFocus ?? false}
    autoComplete={props.autoComplete ?? 'off'}
    {...(props.maxLength === undefined ? {} : { maxLength: props.maxLength })}
  >
    <Label className="field-label">{props.label}</Label>
    <Input
      className="field-input"
      placeholder={props.placeholder ?? ''}
      autoCapitalize={props.autoCapitalize ?? 'off'}
      autoCorrect="off"
      spellCheck={false}
    />
    {props.hint && props.error === undefined ? (
      <Text slot="description" className="field-hint">
        {props.hint}
      </Text>
    ) : null}
    <FieldError className="field-error">{props.error}</FieldError>
  </TextField>
);
