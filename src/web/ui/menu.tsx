/**
 * Menus that open from a button: items to do, and groups of which one is chosen. What an open menu is made of is loaded
 * after the page is on the screen (`menu-parts.tsx`); the items are only ever rendered inside an open menu.
 */
import './menu.css';
import {
  cloneElement,
  createContext,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type Ref,
  type RefObject,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { MenuChoiceProps, MenuItemProps } from './menu-props.ts';

type Parts = typeof import('./menu-parts.tsx');
let parts: Parts | null = null;

const load = async (): Promise<Parts | null> => {
  try {
    parts ??= await import('./menu-parts.tsx');
  } catch {
    // No server has it at the moment: the next press tries again.
  }
  return parts;
};

interface Opened {
  readonly triggerRef: RefObject<HTMLElement | null>;
  readonly from: 'first' | 'last';
  readonly close: () => void;
}
const OpenedContext = createContext<Opened | null>(null);

interface TriggerProps {
  readonly ref?: Ref<HTMLElement>;
  readonly onPress?: () => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly 'aria-haspopup'?: 'menu';
  readonly 'aria-expanded'?: boolean;
}

interface MenuTriggerProps {
  /** The button, and the `Menu` that opens from it. */
  readonly children: readonly [ReactElement, ReactElement];
  readonly onOpenChange?: (open: boolean) => void;
}

/** A button and its menu. */
export const MenuTrigger = ({ children, onOpenChange }: MenuTriggerProps) => {
  const [trigger, menu] = children;
  const [from, setFrom] = useState<'first' | 'last' | null>(null);
  const triggerRef = useRef<HTMLElement>(null);
  useEffect(() => void load(), []);

  const open = async (first: 'first' | 'last') => {
    if (!(await load())) return;
    setFrom(first);
    onOpenChange?.(true);
  };
  const close = () => {
    setFrom(null);
    onOpenChange?.(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    void open(event.key === 'ArrowDown' ? 'first' : 'last');
  };
  return (
    <>
      {cloneElement(trigger as ReactElement<TriggerProps>, {
        ref: triggerRef,
        onPress: () => void (from === null ? open('first') : close()),
        onKeyDown,
        'aria-haspopup': 'menu',
        'aria-expanded': from !== null,
      })}
      {from === null ? null : <OpenedContext value={{ triggerRef, from, close }}>{menu}</OpenedContext>}
    </>
  );
};

interface MenuProps {
  readonly label: string;
  readonly placement?: Parameters<Parts['OpenMenu']>[0]['placement'];
  readonly children: ReactNode;
}

/** The list that opens from a button; the two stand together in a `MenuTrigger`. */
export const Menu = ({ label, placement = 'bottom end', children }: MenuProps) => {
  const opened = useContext(OpenedContext);
  if (!parts || !opened) return null;
  return (
    <parts.OpenMenu
      label={label}
      placement={placement}
      triggerRef={opened.triggerRef}
      from={opened.from}
      onClose={opened.close}
    >
      {children}
    </parts.OpenMenu>
  );
};

export const MenuItem = (props: MenuItemProps) => (parts ? <parts.Item {...props} /> : null);

export const MenuChoice = <Value extends string>(props: MenuChoiceProps<Value>) =>
  parts ? <parts.Choice {...props} /> : null;

export const MenuLine = () => (parts ? <parts.Line /> : null);
