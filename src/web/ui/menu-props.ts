import type { ReactNode } from 'react';

/** Something to do. */
export interface MenuItemProps {
  readonly text: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly onAction: () => void;
}

/** A group of which one is chosen. */
export interface MenuChoiceProps<Value extends string> {
  readonly title: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly lang?: string }[];
  readonly onChange: (value: Value) => void;
}

/** A group of a menu of which one is chosen. */
