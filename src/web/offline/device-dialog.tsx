/** What this device keeps and can do without a server, and what to do where it cannot. */
import './device-dialog.css';
import { Check, CircleAlert, Clock, Info } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../store/cell.ts';
import { useChat } from '../store/hooks.ts';
import { unsentIn } from '../store/outbox-messages.ts';
import { Button } from '../ui/button.tsx';
import { Modal } from '../ui/modal.tsx';
import { installOffer, offlineStart } from './device-cells.ts';
import { frontDoorInstead } from './front-door.ts';

const marks = { good: Check, bad: CircleAlert, waits: Clock, fact: Info } as const;

interface RowProps {
  readonly mark: keyof typeof marks;
  readonly name: string;
  readonly children: ReactNode;
}

const Row = ({ mark, name, children }: RowProps) => {
  const Mark = marks[mark];
  return (
    <div className="device-row" data-good={mark === 'good' || undefined} data-bad={mark === 'bad' || undefined}>
      <dt>
        <Mark size={18} aria-hidden="true" />
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  );
};

const StartRow = () => {
  const { t } = useTranslation();
  const start = useCell(offlineStart);
  const offer = useCell(installOffer);
  const mark = start === 'ready' ? 'good' : start === 'preparing' ? 'waits' : 'bad';
  return (
    <Row mark={mark} name={t('device.start.title')}>
      {t(`device.start.${start}`)}
      {offer ? (
        <div>
          <Button look="quiet" small onPress={() => void offer.prompt()}>
            {t('device.install')}
          </Button>
        </div>
      ) : null}
    </Row>
  );
};

const OutboxRow = () => {
  const { t } = useTranslation();
  const unkept = useChat((state) => state.unkept);
  const waiting = useChat((state) => unsentIn(state.timelines));
  return (
    <Row mark={unkept ? 'bad' : 'good'} name={t('device.outbox.title')}>
      {unkept ? t(`errors.${unkept}`, { count: 0 }) : t('device.outbox.kept')}{' '}
      {waiting > 0 ? t('device.outbox.waiting', { count: waiting }) : null}
    </Row>
  );
};

/** Whether the browser has promised not to throw away what is kept; null where it cannot be asked. */
const usePersisted = (): readonly [boolean | null, () => void] => {
  const [persisted, setPersisted] = useState<boolean | null>(null);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted, () => {});
  }, []);
  const ask = () => void navigator.storage.persist().then(setPersisted, () => {});
  return [persisted, ask];
};

const RoomsRow = () => {
  const { t } = useTranslation();
  const rooms = useChat((state) => [...state.timelines.values()].filter(({ older }) => older !== undefined).length);
  const [persisted, ask] = usePersisted();
  return (
    <Row mark="fact" name={t('device.rooms.title')}>
      {rooms === 0 ? t('device.rooms.none') : t('device.rooms.kept', { count: rooms })}{' '}
      {persisted === true ? t('device.rooms.promised') : null}
      {persisted === false ? (
        <div>
          <Button look="quiet" small onPress={ask}>
            {t('device.rooms.ask')}
          </Button>
        </div>
      ) : null}
    </Row>
  );
};

const AddressRow = () => {
  const { t } = useTranslation();
  const instead = useChat((state) => frontDoorInstead(state.cluster, location.origin));
  if (instead === null) return null;
  return (
    <Row mark="bad" name={t('device.address')}>
      {t('device.oneServer')} <a href={instead + location.pathname}>{t('device.frontDoor')}</a>
    </Row>
  );
};

export const DeviceDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { t } = useTranslation();
  return (
    <Modal title={t('device.title')} onClose={onClose}>
      <dl className="device">
        <StartRow />
        <OutboxRow />
        <RoomsRow />
        <AddressRow />
      </dl>
    </Modal>
  );
};
