/** The shape and colour of how a server is: that of its role, where it has one. Words always stand beside it. */
import { RoleMark } from '../ui/role-mark.tsx';
import type { Condition } from './model.ts';

const stroke = { fill: 'none', strokeWidth: 3, strokeLinecap: 'round' } as const;

const shapes = {
  behind: (
    <circle cx="8" cy="8" r="6" fill="none" stroke="var(--role-behind)" strokeWidth="2.5" strokeDasharray="4 2.3" />
  ),
  paused: <path d="M5 3v10M11 3v10" {...stroke} stroke="var(--role-paused)" />,
} as const;

export const ConditionMark = ({ condition, size = 16 }: { readonly condition: Condition; readonly size?: number }) =>
  condition === 'behind' || condition === 'paused' ? (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[condition]}
    </svg>
  ) : (
    <RoleMark role={condition} size={size} />
  );
