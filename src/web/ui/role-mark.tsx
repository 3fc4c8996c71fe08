import type { ServerRole } from '../../client/index.ts';

const shapes = {
  primary: <circle cx="8" cy="8" r="7" fill="var(--role-primary)" />,
  backup: <rect x="2" y="2" width="12" height="12" rx="2.5" fill="var(--role-backup)" />,
  down: <path d="M3 3 L13 13 M13 3 L3 13" stroke="var(--role-down)" strokeWidth="3.5" strokeLinecap="round" />,
} as const;

/** The shape and colour of a server's role. Decoration: the role's name always stands beside it. */
export const RoleMark = ({ role, size = 16 }: { readonly role: ServerRole; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
    {shapes[role]}
  </svg>
);
