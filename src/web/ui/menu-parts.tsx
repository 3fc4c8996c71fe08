/**
 * The menus' own code, loaded by `menu.tsx` after the page is on the screen: nobody needs an open menu to read. Only
 * `menu.tsx` imports it.
 */
import { Check } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  Header,
  MenuSection,
  Popover,
  type PopoverProps,
  Separator,
} from 'react-aria-components';
import type { MenuChoiceProps, MenuItemProps } from './menu-props.ts';

interface OpenMenuProps {
  readonly label: string;
  readonly placement: NonNullable<PopoverProps['placement']>;
  readonly triggerRef: RefObject<HTMLElement | null>;
  readonly from: 'first' | 'last';
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export const OpenMenu = ({ label, placement, triggerRef, from, onClose, children }: OpenMenuProps) => (
  <Popover
    className="menu-popover"
    triggerRef={triggerRef}
    trigger="MenuTrigger"
    placement={placement}
    offset={4}
    isOpen
    onOpenChange={(open) => open || onClose()}
  >
    <AriaMenu className="menu" aria-label={label} autoFocus={from} onClose={onClose}>
      {children}
    </AriaMenu>
  </Popover>
);

export const Item = ({ text, icon, danger = false, onAction }: MenuItemProps) => (
  <AriaMenuItem className={`menu-item${danger ? ' menu-item-danger' : ''}`} textValue={text} onAction={onAction}>
    {icon}
    {text}
  </AriaMenuItem>
);

export const Choice = <Value extends string>({ title, value, options, onChange }: MenuChoiceProps<Value>) => (
  <MenuSection
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(keys) => {
      const [chosen] = keys;
      if (chosen !== undefined) onChange(chosen as Value);
    }}
  >
    <Header className="menu-heading">{title}</Header>
    {options.map((option) => (
      <AriaMenuItem key={option.value} id={option.value} className="menu-item" textValue={option.text}>
        {({ isSelected }) => (
          <>
            <span lang={option.lang}>{option.text}</span>
            {isSelected ? <Check className="menu-check" size={16} aria-hidden="true" /> : null}
          </>
        )}
      </AriaMenuItem>
    ))}
  </MenuSection>
);

export const Line = () => <Separator className="menu-line" />;
