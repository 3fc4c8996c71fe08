/** Menus that open from a button: items to do, and groups of which one is chosen. */
import './menu.css';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  Header,
  MenuSection,
  MenuTrigger,
  Popover,
  type PopoverProps,
  Separator,
} from 'react-aria-components';

export { MenuTrigger };

interface MenuProps {
  readonly label: string;
  readonly placement?: NonNullable<PopoverProps['placement']>;
  readonly children: ReactNode;
}

/** The list that opens from a button; the two stand together in a `MenuTrigger`. */
export const Menu = ({ label, placement = 'bottom end', children }: MenuProps) => (
  <Popover className="menu-popover" placement={placement} offset={4}>
    <AriaMenu className="menu" aria-label={label}>
      {children}
    </AriaMenu>
  </Popover>
);

interface MenuItemProps {
  readonly text: string;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly onAction: () => void;
}

export const MenuItem = ({ text, icon, danger = false, onAction }: MenuItemProps) => (
  <AriaMenuItem className={`menu-item${danger ? ' menu-item-danger' : ''}`} textValue={text} onAction={onAction}>
    {icon}
    {text}
  </AriaMenuItem>
);

interface MenuChoiceProps<Value extends string> {
  readonly title: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly text: string; readonly lang?: string }[];
  readonly onChange: (value: Value) => void;
}

/** A group of a menu of which one is chosen. */
export const MenuChoice = <Value extends string>({ title, value, options, onChange }: MenuChoiceProps<Value>) => (
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

export const MenuLine = () => <Separator className="menu-line" />;
