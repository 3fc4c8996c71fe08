import { type ComponentProps, type RefObject, useLayoutEffect } from 'react';

interface GrowingTextProps extends Omit<ComponentProps<'textarea'>, 'onChange' | 'ref' | 'value'> {
  readonly ref: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field for several lines, as high as what is in it; its style sheet says how high it may become. */
export const GrowingText = ({ ref, value, onChange, ...rest }: GrowingTextProps) => {
  // The value is what the height follows from.
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field || field.value !== value) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [ref, value]);
  return <textarea {...rest} ref={ref} rows={1} value={value} onChange={(event) => onChange(event.target.value)} />;
};
