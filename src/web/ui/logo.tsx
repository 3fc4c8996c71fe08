/** The mark: a baton in the moment it changes hands. */
export const Logo = ({ size = 32 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" fill="#13241e" />
    <g transform="rotate(-38 16 16)">
      <rect x="3.5" y="12.5" width="13.5" height="7" rx="3.5" fill="#eef4f1" />
      <rect x="13.5" y="12.5" width="15" height="7" rx="3.5" fill="#ffb524" stroke="#13241e" strokeWidth="1.6" />
    </g>
  </svg>
);
