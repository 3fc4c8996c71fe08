import './tip.css';
import type { ReactNode } from 'react';
import { Tooltip } from 'react-aria-components';

/** The box of a tooltip; its trigger stands beside it in a `TooltipTrigger`. */
export const Tip = ({ children }: { readonly children: ReactNode }) => (
  <Tooltip className="tip" offset={6}>
    {children}
  </Tooltip>
);
