/** Three lanes and a baton on its way from one to the next. Decoration. */
export const RelayPicture = () => (
  <svg className="join-picture" viewBox="0 0 520 240" fill="none" aria-hidden="true">
    <path d="M8 52 H512" stroke="#2b4238" strokeWidth="2" />
    <path d="M8 120 H512" stroke="#2b4238" strokeWidth="2" />
    <path d="M8 188 H512" stroke="#2b4238" strokeWidth="2" />
    <path
      d="M8 188 H120 C200 188 190 120 262 120 C336 120 330 52 404 52 H512"
      stroke="#ffb938"
      strokeOpacity=".35"
      strokeWidth="3"
      strokeDasharray="2 9"
      strokeLinecap="round"
    />
    <circle cx="86" cy="188" r="13" fill="#13241e" stroke="#8ba69a" strokeWidth="3" />
    <path
      d="M80.5 182.500 L91.5 193.500 M91.5 182.500 L80.5 193.500"
      stroke="#8ba69a"
      strokeWidth="3"
      strokeLinecap="round"
    />
    <circle cx="262" cy="120" r="17" fill="#4ecb8d" />
    <path
      d="M254.500 120.500 l5 5 9.500 -10"
      stroke="#0d2018"
      strokeWidth="3.500"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
    <circle cx="440" cy="52" r="13" fill="#13241e" stroke="#7db2ff" strokeWidth="3" />
    <g transform="translate(176 152) rotate(-38)">
      <rect x="-46" y="-11" width="50" height="22" rx="11" fill="#eef4f1" />
      <rect x="-10" y="-11" width="56" height="22" rx="11" fill="#ffb938" stroke="#13241e" strokeWidth="5" />
    </g>
  </svg>
);
