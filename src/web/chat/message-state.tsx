import { Check, CheckCheck, Clock } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** An acknowledged message: on how many servers' disks it is. */
export const StoredState = ({ servers }: { readonly servers: number }) => {
  const { t } = useTranslation();
  const words = t('message.stored', { count: servers });
  return (
    <span className="message-state" data-stored title={words}>
      <CheckCheck className="message-state-mark" size={15} aria-hidden="true" />
      <span aria-hidden="true">{servers}</span>
      <span className="hidden-visually">{words}</span>
    </span>
  );
};

/** A message on its way: with this page still, or with a server. */
export const WaitingState = ({ sent, kept = false }: { readonly sent: boolean; readonly kept?: boolean }) => {
  const { t } = useTranslation();
  const words = sent ? t('message.sent') : kept ? t('device.kept') : t('message.waiting');
  return (
    <span className="message-state" title={words}>
      {sent ? <Check size={15} aria-hidden="true" /> : <Clock size={14} aria-hidden="true" />}
      <span className="hidden-visually">{words}</span>
    </span>
  );
};
