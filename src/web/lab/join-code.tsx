import './join-code.css';
import { useTranslation } from 'react-i18next';
import { isThisDeviceOnly, joinAddress } from '../app/join-address.ts';
import { useChat } from '../store/hooks.ts';
import { QrCode } from './qr-code.tsx';

/** How another device comes to a page of the lab: a code for its camera, and the same address to be typed. */
export const JoinCode = ({ path }: { readonly path: string }) => {
  const { t } = useTranslation('lab');
  const front = useChat((state) => state.cluster?.front ?? null);
  const origin = joinAddress(front, location.origin);
  const address = new URL(path, origin).href;
  return (
    <div className="lab-join-code">
      {isThisDeviceOnly(origin) ? (
        <p className="lab-note">{t('code.local')}</p>
      ) : (
        <QrCode text={address} label={t('code.label', { address })} />
      )}
      <code className="lab-address">{address}</code>
    </div>
  );
};
