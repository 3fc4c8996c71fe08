interface SwitchProps<Value extends string> {
  /** What is chosen, in words. */
  readonly title: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChange: (value: Value) => void;
}

/** A few ways to look at the same thing, side by side, of which one is on. */
export const Switch = <Value extends string>({ title, value, options, onChange }: SwitchProps<Value>) => (
  <fieldset className="lab-switch">
    <legend className="hidden-visually">{title}</legend>
    {options.map((option) => (
      <button
        key={option.value}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
      >
        {option.text}
      </button>
    ))}
  </fieldset>
);
