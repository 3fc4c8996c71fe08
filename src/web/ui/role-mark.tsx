import type { ServerRole } from '../../client/index.ts';

const shapes = {
  primary: (
    <path
      d="M8 1.2 10 5.6l4.8.5-3.6 3.2 1 4.7L8 11.6 3.8 14l1-4.7L1.2 6.1 6 5.6z"
      fill="var(--role-primary)"
      stroke="var(--role-primary)"
      strokeWidth="1"
      strokeLinejoin="round"
    />
  ),
  backup: <circle cx="8" cy="8" r="6.5" fill="var(--role-backup)" />,
  down: <path d="M3 3 L13 13 M13 3 L3 13" stroke="var(--role-down)" strokeWidth="3.5" strokeLinecap="round" />,
} as const;

/** The shape and colour of a server's role. Decoration: the role's name always stands beside it. */
export const RoleMark = ({ role, size = 16 }: { readonly role: ServerRole; readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
    {shapes[role]}
  </svg>
);
